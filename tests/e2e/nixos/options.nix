# The options concerned, by name and type, as the NixOS modules of 24.05 declare them,
# and those of 26.05 where these take more. What is not recorded here is refused, as a
# misspelt option is.
{
  types,
  config,
  pkgs,
}:
let
  option = type: { inherit type; };
  optionOr = default: type: { inherit type default; };
  toggle = optionOr false types.bool;
  lines = optionOr "" types.lines;
  setOf = node: { submodule._any = _: node; };

  confAtom = types.nullOr (
    types.oneOf [
      types.bool
      types.int
      types.str
      types.package
      types.path
    ]
  );
  strings = types.listOf types.str;
  users = optionOr null (types.nullOr strings);
in
import ./secrets.nix { inherit types config; }
// {
  assertions = optionOr [ ] (types.listOf types.unspecified);
  warnings = optionOr [ ] strings;

  environment.etc = setOf {
    submodule = {
      mode = optionOr "symlink" types.str;
      text = option types.lines;
    };
  };

  networking = {
    hostName = option types.str;
    firewall = {
      enable = optionOr true types.bool;
      allowedTCPPorts = optionOr [ ] (types.listOf types.port);
      allowedTCPPortRanges = optionOr [ ] (types.listOf types.unspecified);
      extraCommands = lines;
      trustedInterfaces = optionOr [ ] strings;
      interfaces = setOf { submodule.allowedTCPPorts = optionOr [ ] (types.listOf types.port); };
    };
  };

  nix = {
    enable = optionOr true types.bool;
    daemonUser = optionOr "root" types.str;
    package = optionOr pkgs.nix types.package;
    extraOptions = lines;
    settings.submodule = {
      allowed-users = optionOr [ "*" ] strings;
      cores = optionOr 0 types.int;
      max-jobs = optionOr "auto" (
        types.oneOf [
          types.int
          (types.enum [ "auto" ])
        ]
      );
      require-sigs = optionOr true types.bool;
      sandbox = optionOr true (
        types.oneOf [
          types.bool
          (types.enum [ "relaxed" ])
        ]
      );
      substituters = option strings;
      trusted-public-keys = option strings;
      trusted-substituters = optionOr [ ] strings;
      trusted-users = option strings;
      _any =
        _:
        option (
          types.oneOf [
            confAtom
            (types.listOf confAtom)
          ]
        );
    };
    sshServe = {
      enable = toggle;
      write = toggle;
      keys = optionOr [ ] strings;
      protocol = optionOr "ssh" (
        types.enum [
          "ssh"
          "ssh-ng"
        ]
      );
    };
  };

  programs.ssh = {
    extraConfig = lines;
    setXAuthLocation = optionOr (config.services.openssh.settings.X11Forwarding == true) types.bool;
    package = optionOr pkgs.openssh types.package;
    knownHosts.submodule._any = name: {
      submodule = {
        certAuthority = toggle;
        extraHostNames = optionOr [ ] strings;
        hostNames = optionOr ([ name ] ++ config.programs.ssh.knownHosts.${name}.extraHostNames) strings;
        publicKey = optionOr null (types.nullOr types.str);
        publicKeyFile = optionOr null (types.nullOr types.path);
      };
    };
  };

  services.tailscale.enable = toggle;
  services.harmonia = import ./harmonia.nix { inherit types option optionOr toggle; };

  services.openssh = {
    enable = toggle;
    authorizedKeysFiles = optionOr [ ] strings;
    authorizedKeysInHomedir = optionOr true types.bool;
    extraConfig = lines;
    listenAddresses = optionOr [ ] (types.listOf types.unspecified);
    openFirewall = optionOr true types.bool;
    startWhenNeeded = toggle;
    ports = optionOr [ 22 ] (types.listOf types.port);
    hostKeys = optionOr [
      {
        type = "rsa";
        bits = 4096;
        path = "/etc/ssh/ssh_host_rsa_key";
      }
      {
        type = "ed25519";
        path = "/etc/ssh/ssh_host_ed25519_key";
      }
    ] (types.listOf types.unspecified);
    settings.submodule = {
      AllowGroups = users;
      AllowUsers = users;
      DenyGroups = users;
      DenyUsers = users;
      AcceptEnv = users;
      KbdInteractiveAuthentication = optionOr true (types.nullOr types.bool);
      PasswordAuthentication = optionOr true (types.nullOr types.bool);
      PermitRootLogin = optionOr "prohibit-password" (types.nullOr types.str);
      UsePAM = optionOr true (types.nullOr types.bool);
      X11Forwarding = optionOr false (types.nullOr types.bool);
      _any =
        _:
        option (
          types.nullOr (
            types.oneOf [
              types.bool
              types.int
              types.str
            ]
          )
        );
    };
  };

  system = {
    activationScripts = setOf (option types.script);
    build = setOf (option types.unspecified);
    stateVersion = option types.str;
  };

  # The order in which they run is worked out in toplevel.nix.
  systemd = {
    services = setOf {
      submodule = {
        after = optionOr [ ] strings;
        before = optionOr [ ] strings;
        description = optionOr "" types.str;
        restartTriggers = optionOr [ ] (types.listOf types.unspecified);
        wants = optionOr [ ] strings;
        script = optionOr "" types.lines;
        serviceConfig = setOf (option types.unspecified);
        unitConfig = setOf (option types.unspecified);
        wantedBy = optionOr [ ] strings;
      };
    };
    tmpfiles.rules = optionOr [ ] strings;
  };

  fileSystems = setOf {
    submodule = {
      device = option types.str;
      fsType = optionOr "auto" types.str;
      options = optionOr [ ] strings;
    };
  };

  users = {
    groups = setOf { submodule.members = optionOr [ ] strings; };
    users.submodule._any = _: {
      submodule = {
        description = optionOr "" types.str;
        extraGroups = optionOr [ ] strings;
        group = optionOr "" types.str;
        hashedPassword = optionOr null (types.nullOr types.str);
        isNormalUser = toggle;
        isSystemUser = toggle;
        openssh.authorizedKeys.keys = optionOr [ ] (types.listOf types.singleLineStr);
        shell = optionOr "/usr/sbin/nologin" (
          types.oneOf [
            types.package
            types.path
          ]
        );
      };
    };
  };
}

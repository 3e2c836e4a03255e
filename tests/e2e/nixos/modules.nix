# What the options mean: the files that NixOS makes of them, reduced to what
# concerns caches. Each follows the module of the same name in NixOS 24.05.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (config) nix services programs;

  value =
    v:
    if v == null then
      ""
    else if lib.isBool v then
      lib.boolToString v
    else
      toString v;
  isExtra = lib.hasPrefix "extra-";
  settings =
    keep:
    lib.concatMapStrings (name: "${name} = ${value nix.settings.${name}}\n") (
      lib.filter keep (lib.attrNames nix.settings)
    );
  # In the activation, before any unit starts: agenix before the users, sops-nix after them.
  bring = path: secret: from: ''
    mkdir -p "$(dirname ${path})"
    cat ${from} >${path}.tmp
    chmod ${secret.mode} ${path}.tmp
    chown ${if secret.owner == null then toString secret.uid else secret.owner} ${path}.tmp
    mv -f ${path}.tmp ${path}
  '';
  ofClan = lib.concatMap (
    generator:
    lib.mapAttrsToList (name: file: {
      inherit generator name file;
    }) config.clan.core.vars.generators.${generator}.files
  ) (lib.attrNames config.clan.core.vars.generators);
  isBrought = { file, ... }: file.secret && file.deploy && file.path != "/no-such-path";
in
{
  config = lib.mkMerge [
    # Where Nix is off, these have no value.
    (lib.mkIf nix.enable {
      # cache.nixos.org is a folder here.
      nix.settings = {
        trusted-users = [ "root" ];
        substituters = lib.mkAfter [ "file:///srv/public" ];
        trusted-public-keys = [ "@publicKey@" ];
        build-users-group = "nixbld";
        experimental-features = lib.mkDefault [
          "nix-command"
          "flakes"
        ];
        sandbox = lib.mkDefault false;
      };
    })
    {
      environment.etc."ssh/ssh_config".text = ''
        # Custom options from `extraConfig`, to override generated options
        ${programs.ssh.extraConfig}

        # Generated options from other settings
        Host *
        GlobalKnownHostsFile /etc/ssh/ssh_known_hosts
        ForwardX11 no
      '';
      environment.etc."ssh/ssh_known_hosts".text = lib.concatMapStrings (
        host:
        lib.optionalString host.certAuthority "@cert-authority "
        + "${lib.concatStringsSep "," host.hostNames} "
        + (if host.publicKey != null then host.publicKey else builtins.readFile host.publicKeyFile)
        + "\n"
      ) (lib.attrValues programs.ssh.knownHosts);
      assertions = lib.mapAttrsToList (name: host: {
        assertion = (host.publicKey == null) != (host.publicKeyFile == null);
        message = "knownHost ${name} must contain either a publicKey or publicKeyFile";
      }) programs.ssh.knownHosts;
    }

    (lib.mkIf (config.age.secrets != { }) {
      system.activationScripts.agenixInstall = lib.concatMapStrings (
        secret: bring secret.path secret secret.file
      ) (lib.attrValues config.age.secrets);
    })

    (lib.mkIf (config.sops.secrets != { } || ofClan != [ ]) {
      system.activationScripts.setupSecrets =
        lib.concatMapStrings (secret: bring secret.path secret secret.sopsFile) (
          lib.attrValues config.sops.secrets
        )
        + lib.concatMapStrings (
          one: bring one.file.path one.file "/e2e/secrets/${one.generator}/${one.name}"
        ) (lib.filter isBrought ofClan);
    })

    (lib.mkIf nix.enable {
      environment.etc."nix/nix.conf".text = ''
        ${settings (name: !isExtra name)}
        ${settings isExtra}
        ${nix.extraOptions}
      '';
    })

    (lib.mkIf nix.sshServe.enable {
      users.users.nix-ssh = {
        description = "Nix SSH store user";
        isSystemUser = true;
        group = "nix-ssh";
        shell = pkgs.bashInteractive;
        openssh.authorizedKeys.keys = nix.sshServe.keys;
      };
      users.groups.nix-ssh = { };
      services.openssh.enable = true;
      services.openssh.extraConfig =
        let
          command =
            if nix.sshServe.protocol == "ssh" then
              "nix-store --serve ${lib.optionalString nix.sshServe.write "--write"}"
            else
              "nix-daemon --stdio";
        in
        ''
          Match User nix-ssh
            AllowAgentForwarding no
            AllowTcpForwarding no
            PermitTTY no
            PermitTunnel no
            X11Forwarding no
            ForceCommand ${nix.package}/bin/${command}
          Match All
        '';
    })
  ];
}

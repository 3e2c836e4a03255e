# The settings of one host that concern caches, after all its modules are merged. A
# setting is null where this release of NixOS has no option for it.
{ name, withWarnings }:
configurations:
let
  inherit (configurations.${name}) config;
  inherit (config) nix;
  inherit (config.programs) ssh;
  # Where Nix is off, some of them have no value.
  settings = if nix.enable then nix.settings or { } else { };
  sshd = config.services.openssh;
  sshdSettings = sshd.settings or { };
  account = config.users.users.nix-ssh or { };
  isMember = name: builtins.elem "nix-ssh" (config.users.groups.${name}.members or [ ]);
  users = config.users.users or { };
  loginOf = user: users.${user}.openssh.authorizedKeys or { };
  login = loginOf "nix-ssh";
  hasLogin = user: (loginOf user).keys or [ ] != [ ] || (loginOf user).keyFiles or [ ] != [ ];

  generators = config.clan.core.vars.generators or { };
  # A path that cannot be worked out is as good as none.
  secretsOf =
    prefix: secrets:
    builtins.filter (secret: secret.value != false) (
      map (name: {
        name = "${prefix}${name}";
        inherit (builtins.tryEval (text secrets.${name}.path)) value;
      }) (builtins.attrNames secrets)
    );

  # Without the string context: a reference to a derivation would be built.
  text = value: builtins.unsafeDiscardStringContext (toString value);
  texts = value: map text (if builtins.isList value then value else [ value ]);
  ifSet = f: value: if value == null then null else f value;
  isOn = value: builtins.elem value [ true "true" ];
  isNo = value: builtins.elem value [ false "no" ];

  override = priority: content: {
    _type = "override";
    inherit priority content;
  };
  # sshd as it would be without nix.sshServe, and without passwords unless somebody wants
  # them: a second evaluation of the host, made only where it matters.
  withoutServing =
    (configurations.${name}.extendModules {
      modules = [
        {
          nix.sshServe.enable = override 50 false;
          # Before the option's default, behind any definition.
          services.openssh.settings.PasswordAuthentication = override 1400 false;
        }
      ];
    }).config.services.openssh;
in
if !configurations ? ${name} then
  null
else
  {
    nix = {
      inherit (nix) enable;
      implementation = nix.package.pname or (builtins.parseDrvName nix.package.name).name;
      version = nix.package.version or (builtins.parseDrvName nix.package.name).version;
      substituters = texts (settings.substituters or [ ]);
      extraSubstituters = texts (settings.extra-substituters or [ ]);
      trustedPublicKeys = texts (settings.trusted-public-keys or [ ]);
      extraTrustedPublicKeys = texts (settings.extra-trusted-public-keys or [ ]);
      fallback = isOn (settings.fallback or false);
      requireSigs = isOn (settings.require-sigs or true);
      trustedUsers = texts (settings.trusted-users or [ ]);
      allowedUsers = texts (settings.allowed-users or [ ]);
      daemonUser = nix.daemonUser or "root";
      secretKeyFiles = texts (settings.secret-key-files or [ ]);
      extraOptions = text (nix.extraOptions or "");
    };
    serve = {
      inherit (nix.sshServe) enable protocol;
      write = nix.sshServe.write or false;
      trusted = nix.sshServe.trusted or false;
      keys = texts (login.keys or nix.sshServe.keys);
      groups =
        [ (account.group or "nix-ssh") ]
        ++ account.extraGroups or [ ]
        ++ builtins.filter isMember (builtins.attrNames (config.users.groups or { }));
      hasKeyFiles = (login.keyFiles or [ ]) != [ ];
    };
    sshd = {
      inherit (sshd) enable ports;
      makesKeys = sshd.generateHostKeys or false;
      hostKeys = map (key: {
        type = key.type or null;
        path = text key.path;
      }) sshd.hostKeys;
      allowUsers = ifSet texts (sshdSettings.AllowUsers or null);
      allowGroups = ifSet texts (sshdSettings.AllowGroups or null);
      denyUsers = ifSet texts (sshdSettings.DenyUsers or null);
      denyGroups = ifSet texts (sshdSettings.DenyGroups or null);
      authenticationMethods = ifSet text (sshdSettings.AuthenticationMethods or null);
      pubkeyAuthentication = !(isNo (sshdSettings.PubkeyAuthentication or true));
      # True where sshd runs for the cache alone, with the passwords of NixOS' default.
      takesPasswordsByDefault =
        if !sshd.enable || !nix.sshServe.enable || isNo (sshdSettings.PasswordAuthentication or null) then
          false
        else if !(sshdSettings ? PasswordAuthentication && configurations.${name} ? extendModules) then
          null
        else
          !withoutServing.enable && isNo withoutServing.settings.PasswordAuthentication;
      authorizedKeysFiles = texts (sshd.authorizedKeysFiles or [ "/etc/ssh/authorized_keys.d/%u" ]);
      # Who has keys; a command, or an authority, may know of others.
      logins = builtins.listToAttrs (
        map (user: {
          name = users.${user}.name or user;
          value = {
            keys = texts ((loginOf user).keys or [ ]);
            hasKeyFiles = (loginOf user).keyFiles or [ ] != [ ];
          };
        }) (builtins.filter hasLogin (builtins.attrNames users))
      );
      hasOtherKeys =
        sshd.authorizedKeysCommand or "none" != "none" || sshdSettings.TrustedUserCAKeys or null != null;
      maxSessions = ifSet text (sshdSettings.MaxSessions or null);
      extraConfig = text (sshd.extraConfig or "");
    };
    ssh = {
      config = text ssh.extraConfig;
      hasKnownHostsFiles = (ssh.knownHostsFiles or [ ]) != [ ];
      knownHosts = map (
        host:
        let
          pin = ssh.knownHosts.${host};
        in
        {
          names = pin.hostNames or [ host ];
          key = pin.publicKey or null;
          isAuthority = pin.certAuthority or false;
        }
      ) (builtins.attrNames ssh.knownHosts);
    };
    # By the names that the inventory has for them.
    secrets = builtins.listToAttrs (
      secretsOf "agenix:" (config.age.secrets or { })
      ++ secretsOf "sops:" (config.sops.secrets or { })
      ++ builtins.concatMap (name: secretsOf "clan:${name}/" generators.${name}.files) (
        builtins.attrNames generators
      )
    );
    release = config.system.nixos.release or null;
    # Only on request: they come from all modules.
    warnings = if withWarnings then config.warnings or [ ] else null;
  }

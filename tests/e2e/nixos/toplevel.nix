# The system as one store path: the files of /etc, and the script that runs the snippets of
# the modules, each after what it depends on, in the environment that NixOS runs them in. Two
# of them put the files and the users in place. With an argument it starts units.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  path = lib.makeBinPath [
    pkgs.coreutils
    pkgs.gnugrep
  ];

  install = name: file: ''
    mkdir -p "$(dirname /etc/${name})"
    ${
      if file.mode == "symlink" then "ln -sfn" else "/usr/bin/install -m ${file.mode}"
    } ${pkgs.writeText (baseNameOf name) file.text} /etc/${name}
  '';

  unitFiles = lib.mapAttrs' unitFile config.systemd.services;

  groupsOf =
    name: user:
    user.extraGroups
    ++ lib.attrNames (lib.filterAttrs (_: group: lib.elem name group.members) config.users.groups);

  # What a unit says of itself, for whoever reads it.
  unitFile = name: unit: lib.nameValuePair "systemd/system/${name}.service" {
    mode = "symlink";
    text = lib.concatMapStrings (line: "${line}\n") (
      map (other: "After=${other}") unit.after
      ++ lib.mapAttrsToList (setting: v: "${setting}=${
        if lib.isBool v then lib.boolToString v else toString v
      }") unit.serviceConfig
    );
  };

  addUser = name: user: ''
    /usr/bin/getent passwd ${name} >/dev/null || {
      /usr/sbin/groupadd -f ${user.group}
      /usr/sbin/useradd -r -g ${user.group} -M -d /var/empty ${name}
    }
    for group in ${toString (groupsOf name user)}; do /usr/sbin/groupadd -f $group; done
    /usr/sbin/usermod -s ${user.shell}${user.shell.shellPath or ""} -G '${lib.concatStringsSep "," (groupsOf name user)}' -p '${
      if user.hashedPassword == null then "!" else user.hashedPassword
    }' ${name}
  '';

  snippets = config.system.activationScripts;
  # As `textClosureMap` of nixpkgs: by name, and each after its dependencies.
  inOrder = lib.foldl' place [ ] (lib.attrNames snippets);
  place =
    placed: name:
    if lib.elem name placed then placed else lib.foldl' place placed snippets.${name}.deps ++ [ name ];

  snippet = name: ''
    #### Activation script snippet ${name}:
    _localstatus=0
    ${snippets.${name}.text}
    if (( _localstatus > 0 )); then
      printf "Activation script snippet '%s' failed (%s)\n" ${name} "$_localstatus"
    fi
  '';

  activate = pkgs.writeShellScript "activate" ''
    if [ $# != 0 ]; then
      PATH=${path}:/usr/bin
      umask 0022
      ${import ./systemd.nix { inherit config lib pkgs; }}
      exit
    fi
    PATH=/empty:${path}
    _status=0
    trap "_status=1 _localstatus=\$?" ERR
    umask 0022
    ${lib.concatMapStrings snippet inOrder}
    exit $_status
  '';

  # NixOS has these as assertions, and root itself.
  hasKind = name: user: {
    assertion = user.isSystemUser != user.isNormalUser;
    message = "Exactly one of users.users.${name}.isSystemUser and isNormalUser must be set";
  };
  hasGroup = name: user: {
    assertion = lib.hasAttr user.group config.users.groups;
    message = "users.users.${name}.group is unset or no group";
  };
  people = removeAttrs config.users.users [ "root" ];
  failed = lib.filter (one: !one.assertion) (
    config.assertions
    ++ lib.mapAttrsToList hasGroup people
    ++ lib.mapAttrsToList hasKind people
  );
  withWarnings =
    result: lib.foldl' (rest: text: builtins.trace "warning: ${text}" rest) result config.warnings;
in
{
  system.activationScripts = {
    specialfs.text = "";
    groups.text = "";
    users.text = lib.concatStrings (
      lib.mapAttrsToList addUser (lib.filterAttrs (_: user: user.isSystemUser) config.users.users)
    );
    etc = {
      text = lib.concatStrings (lib.mapAttrsToList install (config.environment.etc // unitFiles));
      deps = [
        "users"
        "groups"
        "specialfs"
      ];
    };
  };

  system.build.toplevel =
    if failed != [ ] then
      throw "Failed assertions:\n${lib.concatMapStringsSep "\n" (one: "- ${one.message}") failed}"
    else
      withWarnings activate;
}

# The system as one store path: the files of /etc, and the script that puts them
# and the users in place and then runs the modules' snippets, in the environment
# that NixOS runs them in. With an argument it starts units.
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
      if file.mode == "symlink" then "ln -sfn" else "install -m ${file.mode}"
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

  shellOf = user: if lib.isString user.shell then user.shell else "${user.shell}/bin/bash";

  addUser = name: user: ''
    /usr/bin/getent passwd ${name} >/dev/null || {
      /usr/sbin/groupadd -f ${user.group}
      /usr/sbin/useradd -r -g ${user.group} -M -d /var/empty -s ${shellOf user} ${name}
    }
    for group in ${toString (groupsOf name user)}; do /usr/sbin/groupadd -f $group; done
    /usr/sbin/usermod -G '${lib.concatStringsSep "," (groupsOf name user)}' -p '${
      if user.hashedPassword == null then "!" else user.hashedPassword
    }' ${name}
  '';

  snippet = name: script: ''
    #### Activation script snippet ${name}:
    _localstatus=0
    ${script.text or script}
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
    ${lib.concatStrings (lib.mapAttrsToList install (config.environment.etc // unitFiles))}
    ${lib.concatStrings (
      lib.mapAttrsToList addUser (lib.filterAttrs (_: user: user.isSystemUser) config.users.users)
    )}
    PATH=/empty:${path}
    _status=0
    trap "_status=1 _localstatus=\$?" ERR
    umask 0022
    ${lib.concatStrings (lib.mapAttrsToList snippet config.system.activationScripts)}
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
  system.build.toplevel =
    if failed != [ ] then
      throw "Failed assertions:\n${lib.concatMapStringsSep "\n" (one: "- ${one.message}") failed}"
    else
      withWarnings activate;
}

# What systemd does with units and mounts, as far as the order matters: each unit runs as
# early as what it says of itself allows, and only a oneshot is waited for. At a switch the
# daemon is restarted before new units are started, but for those that it or they want; at
# boot all are started, and the socket is there first.
{
  config,
  lib,
  pkgs,
}:
let
  inherit (config.systemd) services tmpfiles;
  inherit (lib) concatStrings elem filter;

  path = lib.makeBinPath [
    pkgs.coreutils
    pkgs.gnugrep
  ];

  mount = point: ''
    /usr/bin/mountpoint -q ${point} || {
      mkdir -p ${point}
      /usr/bin/mount --bind ${config.fileSystems.${point}.device} ${point}
    }
  '';
  points = lib.attrNames config.fileSystems;
  isLate = point: elem "noauto" config.fileSystems.${point}.options;
  isOn = file: point: file == point || lib.hasPrefix "${point}/" file;

  # `L+ LINK - - - - TARGET`
  link =
    rule:
    let
      words = filter (word: word != "") (lib.splitString " " rule);
    in
    "ln -sfn ${lib.last words} ${lib.elemAt words 1}\n";

  sysinit = concatStrings (
    map mount (filter (point: !isLate point) points) ++ map link tmpfiles.rules
  );

  # A unit, and before it what it is ordered after, as far as that is started as well.
  run =
    isStarted: name:
    let
      unit = services.${name};
      files = unit.unitConfig.RequiresMountsFor or [ ];
      isNeeded = point: lib.any (file: isOn file point) files;
      isAfter = other: elem "${other}.service" unit.after;
      isWanted = other: elem "${other}.service" unit.wants;
      others = filter (other: isAfter other && (isStarted || isWanted other)) (lib.attrNames services);
      ownSysinit = lib.optionalString (elem "sysinit.target" unit.after) sysinit;
      text = pkgs.writeShellScript "unit-script-${name}" "set -e\n${unit.script}";
    in
    if unit.serviceConfig ? ExecStart then supervise name unit.serviceConfig else
    concatStrings (map (run isStarted) others)
    + ownSysinit
    + concatStrings (map mount (filter isNeeded points))
    + ''
      # ${unit.description}
      unit() {
        rm -f /run/failed/${name}
        env -i PATH=${path} ${text} || { echo "unit ${name} failed"; >/run/failed/${name}; }
      }
      ${if unit.serviceConfig.Type or "simple" == "oneshot" then "unit" else "{ /usr/bin/sleep 3; unit; } &"}
    '';

  # A service that goes on: as the user that it has, with the keys that it is handed, and
  # started again as it says. What is written to the pipe ends the pause.
  supervise =
    name: service:
    let
      keys = "/run/credentials/${name}.service";
      pause = toString (service.RestartSec or "0.1");
      isNobody = service.DynamicUser or false;
      handOver =
        key:
        let
          parts = lib.splitString ":" key;
        in
        "install -m 0400 -o $user ${lib.last parts} ${keys}/${lib.head parts} || exit 243\n";
      loop = pkgs.writeShellScript "unit-loop-${name}" ''
        PATH=${path}:/usr/bin:/usr/sbin
        user=${if isNobody then name else "root"}
        getent passwd $user >/dev/null || useradd -r -U -M -d / -s /usr/sbin/nologin $user
        rm -rf ${keys}
        mkdir -p ${keys}
        while :; do
          (
            ${lib.concatMapStrings handOver (lib.toList (service.LoadCredential or [ ]))}
            exec setpriv --reuid=$user --regid=$user --clear-groups \
              env -i PATH=${path} CREDENTIALS_DIRECTORY=${keys} ${service.ExecStart}
          )
          echo "${name}: ended with $?"
          ${if service.Restart or "no" == "always" then "" else "exit"}
          echo >/run/services/${name}.waits
          read -r -t ${pause} <>/run/services/${name}.pause
          rm -f /run/services/${name}.waits
        done
      '';
    in
    ''
      mkfifo /run/services/${name}.pause
      setsid ${loop} </dev/null >>/var/log/${name}.log 2>&1 &
      echo $! >/run/services/${name}.id
    '';
  # All of them, before a switch starts those that there are then.
  stopAll = ''
    mkdir -p /run/services
    for id in /run/services/*.id; do
      if [ -e "$id" ]; then kill -- "-$(cat "$id")" || true; fi
    done
    rm -f /run/services/*
  '';

  hasCycle =
    name:
    elem "nix-daemon.socket" services.${name}.before
    && services.${name}.unitConfig.DefaultDependencies or true;
  all = filter (
    name:
    if hasCycle name then throw "Ordering cycle: ${name}.service, nix-daemon.socket" else true
  ) (lib.attrNames services);
  wanted = by: filter (name: elem by services.${name}.wantedBy) all;
  isBefore = what: name: elem what services.${name}.before;
  runAll = isStarted: names: concatStrings (map (run isStarted) names);
in
''
  mkdir -p /run/failed
  case "$1" in
    socket)
      ${runAll true (
        filter (isBefore "nix-daemon.socket") (
          lib.unique (wanted "multi-user.target" ++ wanted "nix-daemon.service")
        )
      )}
      ;;
    nix-daemon)
      ${runAll false (filter (isBefore "nix-daemon.service") (wanted "nix-daemon.service"))}
      ;;
    multi-user)
      ${stopAll}
      ${sysinit}
      ${runAll true (wanted "multi-user.target")}
      ;;
  esac
''

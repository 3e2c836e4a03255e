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
      ${sysinit}
      ${runAll true (wanted "multi-user.target")}
      ;;
  esac
''

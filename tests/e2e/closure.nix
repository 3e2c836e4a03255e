# `count` small paths that refer to each other, made by nothing but a shell.
{ tag, count }:
let
  n = builtins.fromJSON count;
  one =
    i:
    derivation {
      name = "path-${tag}-${toString i}";
      system = builtins.currentSystem;
      builder = "/bin/sh";
      args = [
        "-c"
        "echo ${tag} ${toString i} $before >$out"
      ];
      before = if i == 0 then "" else builtins.elemAt all (i - 1);
    };
  all = builtins.genList one n;
in
builtins.elemAt all (n - 1)

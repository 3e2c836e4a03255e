# A path that needs another, which takes longer to make than a connection may rest.
{ tag }:
let
  one =
    name: text:
    derivation {
      name = "rest-${tag}-${name}";
      system = builtins.currentSystem;
      builder = "/bin/sh";
      args = [
        "-c"
        text
      ];
    };
  first = one "first" "echo ${tag} >$out";
  slow = one "slow" "read x <${first}; /usr/bin/sleep 3; echo 2 >$out";
in
one "last" "echo ${builtins.readFile slow} >$out"

# What a machine fetches at an update: `small` paths of up to 100 kB and `large` ones
# of 20 MB, and one that refers to all of them.
#
# Every small path refers to two earlier ones, so that not all can be fetched at once:
# Nix registers a path after what it refers to.
{
  small ? 300,
  large ? 5,
}:
let
  path =
    name: bytes: references:
    derivation {
      inherit name references;
      system = builtins.currentSystem;
      builder = "/bin/sh";
      args = [
        "-c"
        ''
          PATH=/usr/bin:/bin
          mkdir $out $out/share
          echo $references >$out/references
          head -c ${toString bytes} /dev/urandom >$out/content
          for i in 1 2 3 4 5 6; do echo $i $name >$out/share/$i; done
        ''
      ];
    };

  inRow = i: i - i / 4 * 4;
  smallOne =
    i:
    path "small-${toString i}" (1000 + 9973 * i - 9973 * i / 100000 * 100000) (
      (if i == 0 then [ ] else [ (at (i / 2)) ]) ++ (if inRow i == 0 then [ ] else [ (at (i - 1)) ])
    );
  smallOnes = builtins.genList smallOne small;
  at = builtins.elemAt smallOnes;
  largeOnes = builtins.genList (i: path "large-${toString i}" 20000000 [ (at i) ]) large;
in
path "all" 0 (smallOnes ++ largeOnes)

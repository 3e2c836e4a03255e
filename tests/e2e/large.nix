# One path of 40 MB.
{ tag }:
derivation {
  name = "large-${tag}";
  system = builtins.currentSystem;
  builder = "/bin/sh";
  args = [
    "-c"
    "/usr/bin/mkdir $out; echo ${tag} >$out/tag; /usr/bin/head -c 40000000 /dev/zero >$out/zeros"
  ];
}

# The packages that the modules name, as folders of the machine's own programs,
# one folder a package: what a script does not name is not in its PATH.
system:
let
  # By the Nix of the same machine: this is evaluated there.
  sshVersions = {
    # versions
  };
  package = name: version: {
    pname = name;
    inherit version;
    name = "${name}-${version}";
    # As in nixpkgs, a text that names it depends on a derivation.
    outPath = "/pkgs/${name}${builtins.substring 0 0 "${write name "0444" ""}"}";
  };
  write =
    name: mode: text:
    derivation {
      inherit name system text;
      builder = "/bin/sh";
      args = [
        "-c"
        "printf %s \"$text\" >$out; /usr/bin/chmod ${mode} $out"
      ];
    };
in
rec {
  bashInteractive = package "bash" "5" // {
    shellPath = "/bin/bash";
  };
  coreutils = package "coreutils" "9";
  gnugrep = package "gnugrep" "3";
  netcat-openbsd = package "netcat-openbsd" "1";
  nix = package "nix" builtins.nixVersion;
  openssh = package "openssh" sshVersions.${builtins.nixVersion} or "9.0";
  util-linux = package "util-linux" "2";
  runtimeShell = "${bashInteractive}/bin/bash";

  writeText = name: write name "0444";
  writeShellScript = name: text: write name "0555" "#!${runtimeShell}\n${text}\n";
}

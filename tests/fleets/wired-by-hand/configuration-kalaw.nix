{ ... }:
let lib = import ./lib.nix;
in {
  nix.sshServe = {
    enable = true;
    keys = [ lib.ssh-keys.nix-ssh-serve-pub ];
  };
}

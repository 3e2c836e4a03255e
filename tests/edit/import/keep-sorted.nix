{
  imports = [
    # keep-sorted start
    ./parts/ssh.nix
    ./parts/zram.nix
    # keep-sorted end
  ];
}

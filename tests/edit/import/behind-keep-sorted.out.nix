{
  imports = [
    # keep-sorted start
    ./parts/ssh.nix
    ./zones.nix
    # keep-sorted end
    ./rack.nix
    ./larder/hosts/pai.nix
  ];
}

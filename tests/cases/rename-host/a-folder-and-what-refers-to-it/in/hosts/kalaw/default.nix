{
  networking.hostName = "kalaw";
  environment.etc."disk-of-pai".source = ../pai/disk.nix;
}

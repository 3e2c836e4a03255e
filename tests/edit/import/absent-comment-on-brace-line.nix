{ pkgs, ... }: { # a desktop
  networking.hostName = "pai";
}

{
  imports = [
    ./larder/hosts/pai.nix
  ]; # larder
  # imports = [
  a = "imports = [";
  b = ''
    ]; } # larder
  '';
}

{
  # imports = [
  a = "imports = [";
  b = ''
    ]; } # larder
  '';
}

{
  nix = {
    settings = {
      substituters = [ "https://cache.example" ];
    };
  };
}

{
  nix.settings.substituters = [
    "https://cache.example"
    "ssh://nix-ssh@kalaw"
  ];
}

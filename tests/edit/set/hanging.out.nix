{ a = 1;
  b = 2;
  nix.settings.fallback = true;
}

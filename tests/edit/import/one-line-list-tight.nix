{ imports = [./a.nix]; }

{
  imports = [ ./a.nix
              ./b.nix
            ];
}

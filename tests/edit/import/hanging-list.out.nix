{
  imports = [ ./a.nix
              ./b.nix
              ./larder/hosts/pai.nix
            ];
}

{ inputs, ... }:
{
  imports = [ ./larder/hosts/pai.nix ] ++ inputs.self.lists.a;
}

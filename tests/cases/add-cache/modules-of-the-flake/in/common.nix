{ ... }:
{
  imports = [ ];
  nix.settings.sandbox = true;
}

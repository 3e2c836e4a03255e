args:
{
  imports = [ ./a.nix ];
}

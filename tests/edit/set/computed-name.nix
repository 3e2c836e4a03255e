x:
{
  nix.settings.${x} = 1;
}

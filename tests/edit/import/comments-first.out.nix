# The desktop.
/* Long
   words. */
{ pkgs, ... }:

# below
{
  imports = [ ./a.nix ./larder/hosts/pai.nix ];
}

# The desktop.
/* Long
   words. */
{ pkgs, ... }:

# below
{
  imports = [ ./a.nix ];
}

{ pkgs, ... }:
{
  # nothing yet
}

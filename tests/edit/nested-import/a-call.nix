{ inputs, ... }:
{
  flake.modules.nixos.thor = inputs.a { b = 1; };
}

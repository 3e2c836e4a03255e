# https://github.com/Mic92/adios-flake
# flake-parts' shape without its module system: `flake` is passed on.
{ native, ... }:
{
  lib.mkFlake =
    {
      flake ? { },
      inputs ? { },
      self ? inputs.self,
      withSystem ? null,
      ...
    }:
    native.unknown "an output of adios-flake" // (if builtins.isFunction flake then flake { inherit inputs self; } else flake);
}

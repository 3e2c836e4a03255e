# pai, in the cellar
{ den, lib, ... }:
{
  den.hosts.x86_64-linux.pai.users.ada = { };
  den.aspects.pai = {
    includes = [ den.aspects.server ];
    nixos =
      { pkgs, ... }:
      {
        environment.systemPackages = lib.optional true pkgs.hello;
      };
  };
}

# kalaw, in the cellar
{ den, lib, ... }:
{
  den.hosts.x86_64-linux.kalaw.users.ada = { };
  den.aspects.kalaw = {
    includes = [ den.aspects.server ];
    nixos =
      { pkgs, ... }:
      {
        environment.systemPackages = lib.optional true pkgs.git;
      };
  };
}

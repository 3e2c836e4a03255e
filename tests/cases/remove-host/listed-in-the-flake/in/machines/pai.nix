{
  fleet.pai = { pkgs, ... }: {
    networking.hostName = "pai";
  };
}

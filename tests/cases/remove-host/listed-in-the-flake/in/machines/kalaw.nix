{
  fleet.kalaw = { pkgs, ... }: {
    networking.hostName = "kalaw";
  };
}

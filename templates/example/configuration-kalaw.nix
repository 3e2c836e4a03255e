# The file server. It has no screen.
{
  networking.hostName = "kalaw";
  services.nfs.server.enable = true;
}

{
  networking.hostName = "@name@";
}

# What a machine with a screen has.
{
  services.xserver.enable = true;
  services.printing.enable = true;
}

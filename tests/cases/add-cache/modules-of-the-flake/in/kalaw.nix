{ ... }:
{
  imports = [ ];
  time.timeZone = "Asia/Yangon";
}

{ mkHost }:
{
  hosts = { };
}

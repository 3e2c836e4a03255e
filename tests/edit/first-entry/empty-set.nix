{ mkHost }:
{
  hosts = { };
}

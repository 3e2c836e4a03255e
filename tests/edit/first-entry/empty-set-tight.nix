{ mkHost }:
{
  hosts = {};
}

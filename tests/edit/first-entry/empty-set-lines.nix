{ mkHost }:
{
  hosts = {
  };
}

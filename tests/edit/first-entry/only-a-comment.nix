{ mkHost }:
{
  hosts = {
    # none yet
  };
}

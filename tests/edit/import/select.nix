{ inputs, ... }:
{
  imports = inputs.self.lists.a;
}

{ imports, ... }:
{
  inherit imports;
}

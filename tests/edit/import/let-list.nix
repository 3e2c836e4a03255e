{
  imports =
    let
      a = ./a.nix;
    in
    [ a ];
}

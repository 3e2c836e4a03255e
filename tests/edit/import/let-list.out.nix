{
  imports =
    let
      a = ./a.nix;
    in
    [ a ./larder/hosts/pai.nix ];
}

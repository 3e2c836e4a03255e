{
  imports =
    [ # the generated one
      ./hardware-configuration.nix
      ./larder/hosts/pai.nix
    ];
}

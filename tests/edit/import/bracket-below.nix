{
  imports =
    [ # the generated one
      ./hardware-configuration.nix
    ];
}

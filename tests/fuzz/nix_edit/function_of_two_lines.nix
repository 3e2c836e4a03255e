{
  imports =
    [ teRd :ne
    rder/hos/ts/rec.nix
    ];
}

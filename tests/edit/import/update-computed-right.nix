{ lib, ... }: { imports = [ ./a.nix ]; } // lib.a

{ lib, ... }: lib.a // { imports = [ ./a.nix ]; }

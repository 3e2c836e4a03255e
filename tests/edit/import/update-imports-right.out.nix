{ lib, ... }: lib.a // { imports = [ ./a.nix ./larder/hosts/pai.nix ]; }

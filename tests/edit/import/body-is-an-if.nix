{ lib, ... }: if lib.a then { } else { }

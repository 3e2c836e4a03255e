{ lib, ... }: lib.a // { b = 1; }

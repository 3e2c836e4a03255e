{ flake.modules.nixos.thor = { }; }

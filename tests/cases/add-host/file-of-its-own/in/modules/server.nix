{ den.aspects.server.nixos.services.openssh.enable = true; }

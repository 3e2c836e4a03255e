{ mkHost }: { pai = mkHost "pai" [ ./pai.nix ]; }

{ config, ... }:
{
  networking.hostName = "kalaw";
  services.openssh.enable = true;

  age.secrets.nix-signing.file = ../secrets/nix-signing.age;

  nix = {
    gc.automatic = true; # weekly
    sshServe = {
      enable = true;
      # those who may fetch
      keys = with import ../keys.nix; [
        pai
        bagan
        friend
      ];
    };
    # signs what is built here
    settings.secret-key-files = [ config.age.secrets.nix-signing.path ];
  };

  boot.loader.systemd-boot.enable = true;
}

# Who may log in everywhere.
{ pkgs, ... }:
{
  users.mutableUsers = false;
  users.users = {
    ada = {
      isNormalUser = true;
      extraGroups = [ "wheel" ];
      shell = pkgs.zsh;
      openssh.authorizedKeys.keys = [
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJuSAW9/wFCBjJTxsx+UyV6qWHmhfeZgY4tOlB5IBXjE ada"
      ];
    };
    grace = {
      isNormalUser = true;
      extraGroups = [
        "wheel"
        "docker"
      ];
      openssh.authorizedKeys.keys = [
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOufKzMtX4ZARvZ81/mAEylK2jOqReVR9MkmiDZj/pMZ grace"
      ];
    };
  };
  programs.zsh.enable = true;
}

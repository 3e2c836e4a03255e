# What every machine has.
{
  services.openssh = {
    enable = true;
    settings.PasswordAuthentication = false;
  };
  programs.ssh.knownHosts = {
    pai.publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJuSAW9/wFCBjJTxsx+UyV6qWHmhfeZgY4tOlB5IBXjE";
    kalaw.publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOufKzMtX4ZARvZ81/mAEylK2jOqReVR9MkmiDZj/pMZ";
  };
}

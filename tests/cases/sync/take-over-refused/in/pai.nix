{
  imports = [ ./common.nix ];
  programs.ssh.knownHosts.kalaw.publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBk11El/ctNJTKbXZOs7HwTf9i0iid3MOUI2O3Ypmqy2";
  programs.ssh.extraConfig = ''
    Match host kalaw user nix-ssh
      HostName 192.168.1.7
      IdentityFile /etc/nix/id
      Compression yes
    Host bagan
      User ada
  '';
  nix.extraOptions = ''
    keep-outputs = true
    trusted-public-keys = cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY= kalaw-1:KZgsBMBzfyS8gnZveLv+l+rEVvdywtNdAUw77+KI2G8=
  '';
}

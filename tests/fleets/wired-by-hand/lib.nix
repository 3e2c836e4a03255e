{
  ssh-keys.nix-ssh-serve-pub = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKL9y3hLxIxAiHpRHEDUiHvMICfeiXX+CBnF6Hd7jORQ";
}

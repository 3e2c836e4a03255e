{
  # the file server
  programs.ssh.extraConfig = ''
    Host kalaw
      User me
  '';
}

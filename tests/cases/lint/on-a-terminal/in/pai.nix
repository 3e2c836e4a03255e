{
  programs.ssh.extraConfig = ''
    Host kalaw
      StrictHostKeyChecking accept-new
    Match all
  '';
}

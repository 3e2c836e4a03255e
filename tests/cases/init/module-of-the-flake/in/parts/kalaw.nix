{
  machines.kalaw = {
    platform = "x86_64-linux";
    body.imports = [ ../metal/kalaw.nix ];
    rescue = {
      services.openssh.enable = true;
    };
  };
}

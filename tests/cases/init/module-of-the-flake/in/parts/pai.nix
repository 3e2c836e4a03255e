{
  machines.pai = {
    platform = "x86_64-linux";
    body =
      { pkgs, ... }:
      {
        environment.systemPackages = [ pkgs.hello ];
      };
    homeManager =
      { pkgs, ... }:
      {
        home.packages = [ pkgs.hello ];
      };
  };
}

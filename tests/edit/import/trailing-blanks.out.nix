{
  imports = [
    ./z.nix  
    ./b.nix	 
    ./larder/hosts/pai.nix
  ];
}

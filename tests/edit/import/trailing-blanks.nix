{
  imports = [
    ./z.nix  
    ./b.nix	 
  ];
}

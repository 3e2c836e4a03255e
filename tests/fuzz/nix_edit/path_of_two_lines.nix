{
  imports = [ ./a.nix 
    ${x} /.
/txs${x}L             z ];
}

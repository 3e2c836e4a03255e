{
  imports = [
  ];
}

{
  imports = [ # nothing yet
  ];
}

{
  imports = [
    # nothing yet
  ];
}

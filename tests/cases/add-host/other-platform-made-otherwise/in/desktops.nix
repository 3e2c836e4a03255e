{
  kalaw = { };
}

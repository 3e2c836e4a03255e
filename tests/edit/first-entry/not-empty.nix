{
  hosts = { pai = 1; };
}

{
  hosts = [ "ayaya"
            "pai"
            "kalaw" ];
}

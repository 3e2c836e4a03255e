{
  hosts = [ "ayaya"
            "pai" ];
}

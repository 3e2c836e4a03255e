{ networking.hostName = "kalaw"; }

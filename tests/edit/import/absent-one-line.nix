{ networking.hostName = "pai"; }

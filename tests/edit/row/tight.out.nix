["pai" "kalaw"]

[ "pai" "kalaw" "ayaya" ]

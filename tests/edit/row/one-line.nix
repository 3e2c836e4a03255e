[ "pai" "ayaya" ]

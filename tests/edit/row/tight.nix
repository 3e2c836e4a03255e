["pai"]

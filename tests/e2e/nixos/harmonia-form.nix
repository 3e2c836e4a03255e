"moved"

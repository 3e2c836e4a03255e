map (x: x) [
  "ayaya" # one
  "pai" # two
  "kalaw"
]

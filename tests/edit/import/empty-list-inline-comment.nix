{ imports = [ /* nothing yet */ ]; }

{ imports = []; }

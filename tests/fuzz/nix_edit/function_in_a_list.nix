{ imports = [ nnb../ix-zix P :nnx .b.c.x ]; }

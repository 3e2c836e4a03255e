# https://github.com/vic/import-tree
# Every `.nix` file below a folder is a module, except where its path has a name
# that begins with `_`.
{ lib, ... }:
let
  under =
    path:
    if lib.isList path then
      lib.concatMap under path
    else
      lib.filter (file: lib.hasSuffix ".nix" file && !(lib.hasInfix "/_" (lib.removePrefix (toString path) (toString file)))) (
        lib.listFilesRecursive path
      );

  tree = keep: change: paths: {
    __functor = _: path: {
      imports = map change (lib.filter keep (under (paths ++ (if path ? options then [ ] else lib.toList path))));
    };
    addPath = path: tree keep change (paths ++ [ path ]);
    filter = also: tree (file: keep file && also (toString file)) change paths;
    filterNot = not: tree (file: keep file && !(not (toString file))) change paths;
    map = f: tree keep (file: f (change file)) paths;
    withLib = _: tree keep change paths;
    leafs = tree keep change paths // {
      __functor = _: path: map change (lib.filter keep (under (paths ++ lib.toList path)));
    };
    files = map change (lib.filter keep (under paths));
    result = map change (lib.filter keep (under paths));
  };
in
tree (_: true) (file: file) [ ]

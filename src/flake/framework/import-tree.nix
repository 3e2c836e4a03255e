# https://github.com/vic/import-tree
# Every `.nix` file below a folder is a module, except where its path has a name
# that begins with `_`. The tree is a value that is refined, and then called.
{ lib, ... }:
let
  isTree = value: lib.isAttrs value && value ? __config;
  isPath = value: builtins.isPath value || lib.isString value || (lib.isAttrs value && value ? outPath);
  isFolder = value: isPath value && lib.pathIsDirectory value;

  filesOf =
    value:
    if isTree value then
      value.files
    else if isFolder value then
      lib.listFilesRecursive value
    else
      [ value ];

  # The path below the folder that was named; a file that was named keeps its path.
  below =
    folders: file:
    let
      within = lib.filter (folder: lib.hasPrefix (toString folder + "/") (toString file)) folders;
    in
    if within == [ ] then toString file else lib.removePrefix (toString (lib.head within)) (toString file);

  isModule = path: lib.hasSuffix ".nix" path && !(lib.hasInfix "/_" path);

  leafs =
    config: more:
    let
      roots = lib.flatten [
        config.paths
        more
      ];
      relative = below (lib.filter isFolder roots);
      first = if config.initial != null then config.initial else isModule;
      keeps = item: if isPath item then first (relative item) && config.keep (relative item) else config.initial == null || config.initial item;
    in
    map config.change (lib.filter keeps (lib.concatMap filesOf roots));

  perform =
    config: argument:
    let
      found = leafs config (if lib.isAttrs argument && argument ? options then [ ] else argument);
    in
    if config.pipe == null then { imports = found; } else config.pipe found;

  make =
    config:
    let
      with' = changes: make (config // changes);
      tree = {
        __config = config;
        __functor = _: perform config;
        filter = keep: with' { keep = path: config.keep path && keep path; };
        filterNot = not: with' { keep = path: config.keep path && !(not path); };
        match = pattern: tree.filter (path: builtins.match pattern path != null);
        matchNot = pattern: tree.filterNot (path: builtins.match pattern path != null);
        map = f: with' { change = item: f (config.change item); };
        addPath = path: with' { paths = config.paths ++ [ path ]; };
        addAPI = api: with' { api = config.api // api; };
        withLib = _: tree;
        initFilter = initial: with' { inherit initial; };
        pipeTo = pipe: with' { inherit pipe; };
        leafs = tree.pipeTo (found: found);
        files = tree.leafs.result;
        result = tree [ ];
        new = start;
      };
    in
    lib.mapAttrs (_: f: f tree) config.api // tree;

  start = make {
    api = { };
    change = item: item;
    initial = null;
    keep = _: true;
    paths = [ ];
    pipe = null;
  };
in
start
// {
  _files."default.nix" = start;
}

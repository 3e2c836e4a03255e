# What larder's evaluator gives its prelude and its frameworks, for real Nix.
rec {
  external = {
    asserts = { };
    attrsets = { };
    customisation = { };
    debug = { };
    fileset = { };
    filesystem = { };
    fixedPoints = { };
    generators = { };
    lists = { };
    modules = { };
    options = { };
    path = { };
    sources = { };
    strings = { };
    stringsWithDeps = { };
    trivial = { };
  };
  systems = import ../../src/flake/eval/systems.nix;
  text = import ../../src/flake/eval/text.nix;
  packages = { };
  unknown = _: { };
  system = _: args: args;
  nixosSystem = args: args;
  filterAttrs =
    keep: set:
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = set.${name};
      }) (builtins.filter (name: keep name set.${name}) (builtins.attrNames set))
    );
  genAttrs =
    names: f:
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = f name;
      }) names
    );
  hasPrefix = part: text: builtins.substring 0 (builtins.stringLength part) text == part;
  hasSuffix =
    part: text:
    let
      rest = builtins.stringLength text - builtins.stringLength part;
    in
    rest >= 0 && builtins.substring rest (builtins.stringLength part) text == part;
  hasInfix = part: text: builtins.length (splitString part text) > 1;
  removePrefix =
    part: text:
    if hasPrefix part text then
      builtins.substring (builtins.stringLength part) (builtins.stringLength text) text
    else
      text;
  removeSuffix =
    part: text:
    if hasSuffix part text then
      builtins.substring 0 (builtins.stringLength text - builtins.stringLength part) text
    else
      text;
  splitString = separator: text: builtins.filter builtins.isString (builtins.split (escape separator) (toString text));
  escape = builtins.replaceStrings [ "." "+" "*" "/" ] [ "\\." "\\+" "\\*" "/" ];
  toLower = text: text;
  toUpper = text: text;
  listFilesRecursive =
    dir:
    builtins.concatMap (
      name:
      if (builtins.readDir dir).${name} == "directory" then
        listFilesRecursive (dir + "/${name}")
      else
        [ (dir + "/${name}") ]
    ) (builtins.attrNames (builtins.readDir dir));
}

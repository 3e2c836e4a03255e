# The functions of nixpkgs' library that larder's Nix files use, and no others: a name that
# is missing here has to be looked up before it is used.
rec {
  genAttrs =
    names: f:
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = f name;
      }) names
    );
  getExe = package: "${package}/bin/${package.meta.mainProgram}";
  importTOML = path: fromTOML (builtins.readFile path);
  optional = condition: item: if condition then [ item ] else [ ];
  optionals = condition: items: if condition then items else [ ];
  optionalString = condition: text: if condition then text else "";
  optionalAttrs = condition: set: if condition then set else { };
  removeSuffix =
    suffix: text:
    let
      length = builtins.stringLength text - builtins.stringLength suffix;
    in
    if builtins.substring length (-1) text == suffix then builtins.substring 0 length text else text;

  fileset = {
    toSource = { root, fileset }: root;
    difference = all: without: all;
    unions = sets: sets;
    maybeMissing = path: path;
  };
  licenses = {
    mit = "MIT";
    asl20 = "Apache-2.0";
  };
  platforms = {
    linux = [
      "x86_64-linux"
      "aarch64-linux"
    ];
    darwin = [
      "x86_64-darwin"
      "aarch64-darwin"
    ];
  };

  # Of the module system: what a definition comes to where nothing else defines it.
  mkOption = option: option;
  mkEnableOption = what: { default = false; };
  mkIf = condition: content: if condition then content else { };
  mkMerge = builtins.foldl' (all: one: all // one) { };
  literalExpression = text: text;
  types = genAttrs [
    "bool"
    "package"
    "path"
    "str"
  ] (name: name);
}

# The part of nixpkgs' `lib` that the modules here and larder's templates use,
# with the same meaning. A name that is missing here fails the evaluation.
rec {
  inherit (builtins)
    all
    any
    attrNames
    attrValues
    concatLists
    concatMap
    concatStringsSep
    elem
    elemAt
    filter
    foldl'
    hasAttr
    head
    isAttrs
    isBool
    isFunction
    isInt
    isList
    isString
    length
    listToAttrs
    mapAttrs
    removeAttrs
    sort
    stringLength
    substring
    tail
    ;

  # Properties: marks that merging takes off again.
  mkIf = condition: content: {
    _type = "if";
    inherit condition content;
  };
  mkMerge = contents: {
    _type = "merge";
    inherit contents;
  };
  mkOverride = priority: content: {
    _type = "override";
    inherit priority content;
  };
  mkOrder = priority: content: {
    _type = "order";
    inherit priority content;
  };
  mkDefault = mkOverride 1000;
  mkForce = mkOverride 50;
  mkBefore = mkOrder 500;
  mkAfter = mkOrder 1500;

  optional = condition: item: if condition then [ item ] else [ ];
  optionalAttrs = condition: set: if condition then set else { };
  optionals = condition: items: if condition then items else [ ];
  optionalString = condition: text: if condition then text else "";

  nameValuePair = name: value: { inherit name value; };
  mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
  filterAttrs =
    keep: set:
    listToAttrs (
      map (name: nameValuePair name set.${name}) (filter (name: keep name set.${name}) (attrNames set))
    );
  mapAttrs' = f: set: listToAttrs (map (name: f name set.${name}) (attrNames set));
  imap1 = f: list: builtins.genList (i: f (i + 1) (elemAt list i)) (length list);
  toList = value: if isList value then value else [ value ];
  min = a: b: if a < b then a else b;
  reverseList = list: builtins.genList (i: elemAt list (length list - 1 - i)) (length list);
  last = list: elemAt list (length list - 1);
  init = list: builtins.genList (elemAt list) (length list - 1);
  zipListsWith =
    f: one: other:
    builtins.genList (i: f (elemAt one i) (elemAt other i)) (
      if length one < length other then length one else length other
    );
  subtractLists = minus: filter (item: !elem item minus);
  unique = foldl' (seen: item: if elem item seen then seen else seen ++ [ item ]) [ ];

  boolToString = value: if value then "true" else "false";
  concatStrings = concatStringsSep "";
  concatMapStrings = f: items: concatStringsSep "" (map f items);
  concatMapStringsSep =
    separator: f: items:
    concatStringsSep separator (map f items);
  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
  hasSuffix =
    suffix: text:
    stringLength text >= stringLength suffix
    && substring (stringLength text - stringLength suffix) (stringLength suffix) text == suffix;
  removeSuffix =
    suffix: text:
    if hasSuffix suffix text then substring 0 (stringLength text - stringLength suffix) text else text;
  hasInfix = infix: text: builtins.replaceStrings [ infix ] [ "" ] text != text;
  splitString =
    separator: text:
    map (part: substring 0 0 text + part) (
      filter isString (
        builtins.split (builtins.replaceStrings [ "." "|" ] [ "[.]" "[|]" ] separator) text
      )
    );
  take = count: list: builtins.genList (elemAt list) (if count < length list then count else length list);
  drop =
    count: list:
    if count >= length list then [ ] else builtins.genList (i: elemAt list (i + count)) (length list - count);
  escapeRegex = builtins.replaceStrings (splitLetters "\\[{()^$?*+|.") (
    map (letter: "\\${letter}") (splitLetters "\\[{()^$?*+|.")
  );
  removePrefix =
    prefix: text:
    if hasPrefix prefix text then substring (stringLength prefix) (stringLength text) text else text;
  toLower = builtins.replaceStrings (splitLetters "ABCDEFGHIJKLMNOPQRSTUVWXYZ") (
    splitLetters "abcdefghijklmnopqrstuvwxyz"
  );
  splitLetters = text: builtins.genList (at: substring at 1 text) (stringLength text);
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;
  escapeShellArg = text: "'${builtins.replaceStrings [ "'" ] [ "'\\''" ] (toString text)}'";
  makeBinPath = concatMapStringsSep ":" (package: "${package}/bin");

  getName = package: package.pname or (builtins.parseDrvName package.name).name;
  getVersion = package: package.version or (builtins.parseDrvName package.name).version;
  versionAtLeast = version: least: builtins.compareVersions version least >= 0;
}

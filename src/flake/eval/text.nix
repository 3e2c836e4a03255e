# The part of `lib.strings` that makes text of other values, `lib.generators`, and
# `lib.versions`.
{ lib, native }:
let
  inherit (builtins)
    concatStringsSep
    elemAt
    filter
    isAttrs
    isInt
    isList
    isPath
    isString
    match
    replaceStrings
    stringLength
    substring
    toJSON
    ;
  inherit (lib)
    concatMapStrings
    concatStrings
    genList
    mapAttrsToList
    optionalString
    removePrefix
    stringToCharacters
    ;

  lowerChars = stringToCharacters "abcdefghijklmnopqrstuvwxyz";
  upperChars = stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  splitVersion = version: builtins.splitVersion version;
  part = n: version: elemAt (splitVersion version) n;

  escape = list: replaceStrings list (map (c: "\\${c}") list);
  escapeShellArg =
    arg:
    let
      text = toString arg;
    in
    if match "[[:alnum:],._+:@%/-]+" text == null then "'${replaceStrings [ "'" ] [ "'\\''" ] text}'" else text;
  keywords = [
    "assert"
    "else"
    "if"
    "in"
    "inherit"
    "let"
    "or"
    "rec"
    "then"
    "with"
  ];
  escapeNixString = text: escape [ "$" ] (toJSON text);
  trimWith =
    {
      start ? false,
      end ? false,
    }:
    text:
    let
      isBlank = at: builtins.elem (substring at 1 text) [ " " "\t" "\r" "\n" ];
      after = at: if start && at < stringLength text && isBlank at then after (at + 1) else at;
      before = at: if end && at > from && isBlank (at - 1) then before (at - 1) else at;
      from = after 0;
    in
    substring from (before (stringLength text) - from) text;
  number = text: if match "[[:space:]]*-?[[:digit:]]+[[:space:]]*" text == null then throw "`${text}` is no integer" else trimWith {
    start = true;
    end = true;
  } text;
  plain =
    text:
    let
      found = match "(-?)0*([[:digit:]]+)" (number text);
    in
    builtins.fromJSON (concatStrings found);

  # Words end at `-`, `_` or a blank, and where a capital follows a small letter.
  camelCase =
    text:
    let
      isBetween = before: here: match "[a-z]" before != null && match "[A-Z]" here != null;
      apart = splitStringBy (_: here: builtins.elem here [ "-" "_" " " ]) false text;
      words = lib.concatMap (splitStringBy isBetween true) apart;
      upper = word: lib.toUpper (substring 0 1 word) + lib.toLower (substring 1 (-1) word);
    in
    if words == [ ] then "" else concatStrings ([ (lib.toLower (builtins.head words)) ] ++ map upper (builtins.tail words));
  splitStringBy =
    predicate: keep: text:
    let
      go =
        at: previous: word: words:
        if at >= stringLength text then
          words ++ [ word ]
        else
          let
            here = substring at 1 text;
          in
          if predicate previous here then go (at + 1) here (if keep then here else "") (words ++ [ word ]) else go (at + 1) here (word + here) words;
    in
    go 0 "" "" [ ];

  mkValueString =
    value:
    if isInt value then
      toString value
    else if isString value then
      value
    else if value == true then
      "true"
    else if value == false then
      "false"
    else if value == null then
      "null"
    else if isPath value then
      toString value
    else
      toJSON value;
  mkKeyValue =
    {
      mkValueString ? mkValueStringDefault { },
    }:
    separator: key: value:
    "${escape [ separator ] key}${separator}${mkValueString value}";
  mkValueStringDefault = _: mkValueString;
  toKeyValue =
    {
      mkKeyValue ? mkKeyValueDefault { } "=",
      listsAsDuplicateKeys ? false,
      indent ? "",
    }:
    set:
    let
      line = key: value: indent + mkKeyValue key value + "\n";
      lines = if listsAsDuplicateKeys then key: value: map (line key) (lib.toList value) else key: value: [ (line key value) ];
    in
    concatStrings (lib.concatLists (mapAttrsToList lines set));
  mkKeyValueDefault = mkKeyValue;
  toINI =
    {
      mkSectionName ? name: escape [ "[" "]" ] name,
      mkKeyValue ? mkKeyValueDefault { } "=",
      listsAsDuplicateKeys ? false,
    }:
    sections:
    concatStringsSep "\n" (
      mapAttrsToList (name: values: "[${mkSectionName name}]\n" + toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } values) sections
    );
  toINIWithGlobalSection =
    {
      mkSectionName ? name: escape [ "[" "]" ] name,
      mkKeyValue ? mkKeyValueDefault { } "=",
      listsAsDuplicateKeys ? false,
    }@args:
    {
      globalSection,
      sections ? { },
    }:
    (if globalSection == { } then "" else toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } globalSection + "\n") + toINI args sections;
in
{
  versions = {
    inherit (builtins) compareVersions splitVersion;
    major = part 0;
    minor = part 1;
    patch = part 2;
    majorMinor = version: concatStringsSep "." (lib.take 2 (splitVersion version));
    pad =
      n: version:
      let
        number = builtins.head (lib.splitString "-" version);
        rest = removePrefix number version;
      in
      concatStringsSep "." (lib.take n (splitVersion number ++ genList (_: "0") n)) + rest;
  };

  generators = native.external.generators // {
    inherit
      mkKeyValueDefault
      mkValueStringDefault
      toINI
      toINIWithGlobalSection
      toKeyValue
      ;
    toJSON = _: toJSON;
    toYAML = _: toJSON;
  };

  strings = {
    inherit
      escape
      escapeNixString
      escapeShellArg
      lowerChars
      splitStringBy
      trimWith
      upperChars
      ;
    inherit (builtins)
      compareVersions
      elem
      elemAt
      filter
      genList
      head
      isAttrs
      isInt
      isList
      isPath
      parseDrvName
      storeDir
      tail
      typeOf
      ;
    replicate = n: text: concatStrings (genList (_: text) n);
    concatImapStrings = f: list: concatStrings (lib.imap1 f list);
    concatLines = concatMapStrings (line: line + "\n");
    stringAsChars = f: text: concatMapStrings f (stringToCharacters text);
    replaceString = from: to: replaceStrings [ from ] [ to ];
    escapeRegex = escape (stringToCharacters "\\[{()^$?*+|.");
    escapeXML = replaceStrings [ "\"" "'" "<" ">" "&" ] [ "&quot;" "&apos;" "&lt;" "&gt;" "&amp;" ];
    escapeShellArgs = args: concatStringsSep " " (map escapeShellArg args);
    escapeNixIdentifier = text: if match "[a-zA-Z_][a-zA-Z0-9_'-]*" text != null && !(builtins.elem text keywords) then text else escapeNixString text;
    isValidPosixName = name: match "[a-zA-Z_][a-zA-Z0-9_]*" name != null;
    isStringLike = value: isString value || isPath value || value ? outPath || value ? __toString;
    isStorePath = value: if isString value || isPath value then match "/nix/store/[^/]+" (toString value) != null else false;
    trim = trimWith {
      start = true;
      end = true;
    };
    toIntBase10 = plain;
    toCamelCase = camelCase;
    fileContents = file: lib.removeSuffix "\n" (builtins.readFile file);
    versionAtLeast = a: b: builtins.compareVersions a b >= 0;
    versionOlder = a: b: builtins.compareVersions a b < 0;
    getName =
      value: if isString value then (builtins.parseDrvName value).name else value.pname or (builtins.parseDrvName value.name).name;
    getVersion =
      value: if isString value then (builtins.parseDrvName value).version else value.version or (builtins.parseDrvName value.name).version;
    nameFromURL = url: separator: builtins.head (lib.splitString separator (lib.last (lib.splitString "/" url)));
    normalizePath =
      text:
      lib.foldl' (before: here: if here == "/" && lib.hasSuffix "/" before then before else before + here) "" (stringToCharacters text);
    makeSearchPathOutput = output: folder: packages: lib.makeSearchPath folder (map (lib.getOutput output) packages);
    cmakeOptionType = type: name: value: "-D${name}:${lib.toUpper type}=${value}";
    cmakeBool = name: value: "-D${name}:BOOL=${if value then "TRUE" else "FALSE"}";
    cmakeFeature = name: value: "-D${name}:STRING=${value}";
    mesonOption = name: value: "-D${name}=${value}";
    mesonBool = name: value: "-D${name}=${lib.boolToString value}";
    mesonEnable = name: value: "-D${name}=${if value then "enabled" else "disabled"}";
    makeSearchPath = folder: paths: concatStringsSep ":" (map (path: path + "/" + folder) (filter (path: path != null) paths));
    commonPrefixLength =
      a: b:
      let
        most = lib.min (stringLength a) (stringLength b);
        go = n: if n < most && substring n 1 a == substring n 1 b then go (n + 1) else n;
      in
      go 0;
    commonSuffixLength =
      a: b:
      let
        most = lib.min (stringLength a) (stringLength b);
        at = n: text: substring (stringLength text - n - 1) 1 text;
        go = n: if n < most && at n a == at n b then go (n + 1) else n;
      in
      go 0;
    enableFeature = flag: name: "--${if flag then "enable" else "disable"}-${name}";
    enableFeatureAs = flag: name: value: lib.enableFeature flag name + optionalString flag "=${value}";
    withFeature = flag: name: "--${if flag then "with" else "without"}-${name}";
    withFeatureAs = flag: name: value: lib.withFeature flag name + optionalString flag "=${value}";
    toShellVar =
      name: value:
      if isList value then
        "declare -a ${name}=(${concatStringsSep " " (map escapeShellArg value)})"
      else if isAttrs value && !(value ? outPath) then
        "declare -A ${name}=(${concatStringsSep " " (mapAttrsToList (key: value: "[${escapeShellArg key}]=${escapeShellArg value}") value)})"
      else
        "${name}=${escapeShellArg value}";
    toShellVars = vars: concatStringsSep "\n" (mapAttrsToList lib.toShellVar vars);
  };
}

# The part of nixpkgs' `lib` that flakes are written with. The evaluator reads it
# in the place of `inputs.nixpkgs.lib`; what is missing here is unknown to it.
# `native` has what is written in Rust.
native:
let
  inherit (builtins)
    attrNames
    concatLists
    concatMap
    concatStringsSep
    elem
    elemAt
    filter
    foldl'
    functionArgs
    genList
    hasAttr
    head
    intersectAttrs
    isAttrs
    isFunction
    isInt
    isList
    isString
    length
    listToAttrs
    map
    mapAttrs
    removeAttrs
    sort
    stringLength
    substring
    tail
    ;

  trivial = rec {
    id = x: x;
    const = x: _: x;
    flip =
      f: a: b:
      f b a;
    pipe = foldl' (x: f: f x);
    and = x: y: x && y;
    or = x: y: x || y;
    concat = x: y: x ++ y;
    mergeAttrs = x: y: x // y;
    max = x: y: if x > y then x else y;
    min = x: y: if x < y then x else y;
    mod = base: int: base - (int * (base / int));
    xor = x: y: (!x) != (!y);
    boolToString = b: if b then "true" else "false";
    boolToYesNo = b: if b then "yes" else "no";
    compare = a: b: if a < b then -1 else if a > b then 1 else 0;
    splitByAndCompare =
      predicate: yes: no: a: b:
      if predicate a then (if predicate b then yes a b else -1) else if predicate b then 1 else no a b;
    mirrorFunctionArgs =
      f: g:
      setFunctionArgs g (functionArgs f);
    toBaseDigits =
      base: n:
      let
        go = n: if n < base then [ n ] else [ (mod n base) ] ++ go (n / base);
      in
      lists.reverseList (go n);
    toHexString = n: strings.concatMapStrings (digit: builtins.substring digit 1 "0123456789ABCDEF") (toBaseDigits 16 n);
    fromHexString = text: (fromTOML "n = 0x${native.removePrefix "0x" (native.toLower text)}").n;
    inNixShell = false;
    inPureEvalMode = true;
    checkListOfEnum = _: _: _: value: value;
    isFunction = f: builtins.isFunction f || (f ? __functor && isFunction (f.__functor f));
    toFunction = v: if isFunction v then v else _: v;
    functionArgs = f: if f ? __functor then f.__functionArgs or (functionArgs (f.__functor f)) else builtins.functionArgs f;
    setFunctionArgs = f: args: {
      __functor = _: f;
      __functionArgs = args;
    };
    mapNullable = f: a: if a == null then a else f a;
    importJSON = path: builtins.fromJSON (builtins.readFile path);
    importTOML = path: fromTOML (builtins.readFile path);
    warn = _: x: x;
    warnIf = _: _: x: x;
    warnIfNot = _: _: x: x;
    info = _: x: x;
    showWarnings = _: x: x;
    throwIf = condition: message: if condition then throw message else x: x;
    throwIfNot = condition: message: if condition then x: x else throw message;
    assertMsg = condition: message: condition || throw message;
    assertOneOf = _: _: _: true;
    traceVal = x: x;
    traceValSeq = x: x;
    traceSeq = _: x: x;
    defaultTo = default: value: if value == null then default else value;
    inherit (builtins)
      add
      bitAnd
      bitOr
      bitXor
      ceil
      div
      floor
      isBool
      isFloat
      isInt
      isPath
      typeOf
      genericClosure
      lessThan
      mul
      pathExists
      readDir
      readFile
      seq
      deepSeq
      sub
      toJSON
      trace
      ;
  };

  fixedPoints = rec {
    fix =
      f:
      let
        x = f x;
      in
      x;
    extends =
      overlay: f: final:
      let
        prev = f final;
      in
      prev // overlay final prev;
    composeExtensions =
      f: g: final: prev:
      let
        fApplied = f final prev;
      in
      fApplied // g final (prev // fApplied);
    fix' =
      f:
      let
        x = f x // {
          __unfix__ = f;
        };
      in
      x;
    converge =
      f: x:
      let
        next = f x;
      in
      if next == x then x else converge f next;
    toExtension =
      f:
      if trivial.isFunction f then
        final: prev:
        let
          once = f prev;
        in
        if trivial.isFunction once then f final prev else once
      else
        _: _: f;
    composeManyExtensions = foldl' composeExtensions (_: _: { });
    makeExtensible = makeExtensibleWithCustomName "extend";
    makeExtensibleWithCustomName =
      name: f:
      fix' (
        self:
        f self
        // {
          ${name} = g: makeExtensibleWithCustomName name (extends g f);
        }
      );
  };

  lists = rec {
    singleton = x: [ x ];
    foldr =
      op: nul: list:
      let
        len = length list;
        go = n: if n == len then nul else op (elemAt list n) (go (n + 1));
      in
      go 0;
    fold = foldr;
    foldl =
      op: nul: list:
      foldl' op nul list;
    imap0 = f: list: genList (n: f n (elemAt list n)) (length list);
    imap1 = f: list: genList (n: f (n + 1) (elemAt list n)) (length list);
    flatten = x: if isList x then concatMap flatten x else [ x ];
    remove = e: filter (x: x != e);
    findFirst =
      pred: default: list:
      let
        found = filter pred list;
      in
      if found == [ ] then default else head found;
    count = pred: list: length (filter pred list);
    optional = condition: x: if condition then [ x ] else [ ];
    optionals = condition: xs: if condition then xs else [ ];
    toList = x: if isList x then x else [ x ];
    range = first: last: if first > last then [ ] else genList (n: first + n) (last - first + 1);
    replicate = n: x: genList (_: x) n;
    zipListsWith =
      f: a: b:
      genList (n: f (elemAt a n) (elemAt b n)) (if length a < length b then length a else length b);
    zipLists = zipListsWith (fst: snd: { inherit fst snd; });
    reverseList =
      xs:
      let
        l = length xs;
      in
      genList (n: elemAt xs (l - n - 1)) l;
    take = n: list: sublist 0 n list;
    drop = n: list: sublist n (length list) list;
    sublist =
      start: n: list:
      let
        len = length list;
        all = if start >= len then 0 else if start + n > len then len - start else n;
      in
      genList (i: elemAt list (start + i)) all;
    last = list: elemAt list (length list - 1);
    init = list: take (length list - 1) list;
    unique = foldl' (acc: e: if elem e acc then acc else acc ++ [ e ]) [ ];
    uniqueStrings = list: attrNames (builtins.groupBy (x: x) list);
    intersectLists = e: filter (x: elem x e);
    subtractLists = e: filter (x: !(elem x e));
    mutuallyExclusive = a: b: length a == 0 || !(builtins.any (x: elem x a) b);
    crossLists = f: foldl' (fs: args: concatMap (f: map f args) fs) [ f ];
    sortOn = f: sort (a: b: f a < f b);
    takeEnd = n: list: drop (trivial.max 0 (length list - n)) list;
    dropEnd = n: list: take (trivial.max 0 (length list - n)) list;
    allUnique = list: length (unique list) == length list;
    hasPrefix = first: list: take (length first) list == first;
    removePrefix = first: list: if hasPrefix first list then drop (length first) list else throw "a list does not begin with another";
    commonPrefix =
      a: b:
      let
        most = trivial.min (length a) (length b);
        go = n: if n < most && elemAt a n == elemAt b n then go (n + 1) else n;
      in
      take (go 0) a;
    findFirstIndex =
      pred: default: list:
      let
        go = n: if n >= length list then default else if pred (elemAt list n) then n else go (n + 1);
      in
      go 0;
    findSingle =
      pred: default: multiple: list:
      let
        found = filter pred list;
      in
      if found == [ ] then default else if length found > 1 then multiple else head found;
    ifilter0 = pred: list: map (entry: entry.value) (filter (entry: pred entry.at entry.value) (imap0 (at: value: { inherit at value; }) list));
    groupBy' = op: nul: pred: list: mapAttrs (_: foldl op nul) (builtins.groupBy pred list);
    concatAttrValues = set: concatLists (builtins.attrValues set);
    replaceElemAt = list: at: value: imap0 (n: old: if n == at then value else old) list;
    compareLists =
      cmp: a: b:
      if a == [ ] then (if b == [ ] then 0 else -1) else if b == [ ] then 1 else if cmp (head a) (head b) == 0 then compareLists cmp (tail a) (tail b) else cmp (head a) (head b);
    naturalSort =
      list:
      let
        key = text: map (part: if isList part then builtins.fromJSON (head part) else part) (builtins.split "(0|[1-9][0-9]*)" text);
      in
      map (entry: entry.text) (sort (a: b: compareLists trivial.compare a.key b.key < 0) (map (text: { inherit text; key = key text; }) list));
    # The first that nothing has to stand before, on the way from the first of the list.
    listDfs =
      stopOnCycles: before: list:
      let
        go =
          here: visited: rest:
          let
            loops = filter (x: before x here) visited;
            parts = builtins.partition (x: before x here) rest;
          in
          if stopOnCycles && loops != [ ] then
            { inherit loops visited rest; cycle = here; }
          else if parts.right == [ ] then
            { inherit visited rest; minimal = here; }
          else
            go (head parts.right) ([ here ] ++ visited) (tail parts.right ++ parts.wrong);
      in
      go (head list) [ ] (tail list);
    toposort =
      before: list:
      let
        first = listDfs true before list;
        others = toposort before (first.visited ++ first.rest);
      in
      if length list < 2 then
        { result = list; }
      else if first ? cycle then
        { cycle = reverseList ([ first.cycle ] ++ first.visited); inherit (first) loops; }
      else if others ? cycle then
        others
      else
        { result = [ first.minimal ] ++ others.result; };
    uniqList = { inputList, ... }: unique inputList;
    forEach = xs: f: map f xs;
    inherit (builtins)
      all
      any
      concatLists
      concatMap
      elem
      elemAt
      filter
      foldl'
      genList
      groupBy
      head
      isList
      length
      map
      partition
      sort
      tail
      ;
  };

  attrsets = rec {
    inherit (native) filterAttrs genAttrs;
    inherit (builtins)
      attrNames
      attrValues
      catAttrs
      getAttr
      hasAttr
      intersectAttrs
      isAttrs
      listToAttrs
      mapAttrs
      removeAttrs
      ;
    nameValuePair = name: value: { inherit name value; };
    mapAttrs' = f: set: listToAttrs (mapAttrsToList f set);
    mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
    attrsToList = mapAttrsToList nameValuePair;
    genAttrs' = xs: f: listToAttrs (map f xs);
    concatMapAttrs = f: set: mergeAttrsList (mapAttrsToList f set);
    filterMapAttrs = f: set: filterAttrs (_: v: v != null) (mapAttrs f set);
    mergeAttrsList = foldl' (a: b: a // b) { };
    foldlAttrs = f: init: set: foldl' (acc: name: f acc name set.${name}) init (attrNames set);
    foldAttrs =
      op: nul: list:
      foldl' (acc: set: foldl' (acc: name: acc // { ${name} = op set.${name} (acc.${name} or nul); }) acc (attrNames set)) { } (
        lists.reverseList list
      );
    optionalAttrs = condition: set: if condition then set else { };
    attrByPath =
      path: default: set:
      if path == [ ] then
        set
      else if hasAttr (head path) set then
        attrByPath (tail path) default set.${head path}
      else
        default;
    hasAttrByPath = path: set: if path == [ ] then true else hasAttr (head path) set && hasAttrByPath (tail path) set.${head path};
    setAttrByPath = path: value: if path == [ ] then value else { ${head path} = setAttrByPath (tail path) value; };
    getAttrFromPath = path: set: attrByPath path (throw "no such attribute") set;
    attrVals = names: set: map (name: set.${name}) names;
    getAttrs = names: set: genAttrs names (name: set.${name});
    zipAttrsWithNames =
      names: f: sets:
      genAttrs names (name: f name (builtins.catAttrs name sets));
    zipAttrsWith = f: sets: zipAttrsWithNames (lists.unique (concatMap attrNames sets)) f sets;
    zipAttrs = zipAttrsWith (_: values: values);
    recursiveUpdateUntil =
      pred: lhs: rhs:
      let
        go =
          path: a: b:
          a
          // mapAttrs (
            name: value:
            if hasAttr name a && !(pred (path ++ [ name ]) a.${name} value) then go (path ++ [ name ]) a.${name} value else value
          ) b;
      in
      go [ ] lhs rhs;
    recursiveUpdate = recursiveUpdateUntil (_: a: b: !(isAttrs a && isAttrs b));
    mapAttrsRecursive = mapAttrsRecursiveCond (_: true);
    mapAttrsRecursiveCond =
      cond: f: set:
      let
        go = path: mapAttrs (name: value: if isAttrs value && cond value then go (path ++ [ name ]) value else f (path ++ [ name ]) value);
      in
      go [ ] set;
    collect = pred: attrs: if pred attrs then [ attrs ] else if isAttrs attrs then concatMap (collect pred) (builtins.attrValues attrs) else [ ];
    cartesianProduct =
      sets:
      foldl' (acc: name: concatMap (set: map (value: set // { ${name} = value; }) sets.${name}) acc) [ { } ] (attrNames sets);
    cartesianProductOfSets = cartesianProduct;
    mapCartesianProduct = f: sets: map f (cartesianProduct sets);
    filterAttrsRecursive =
      pred: set:
      mapAttrs (_: value: if isAttrs value then filterAttrsRecursive pred value else value) (filterAttrs pred set);
    mapAttrsToListRecursive = mapAttrsToListRecursiveCond (_: _: true);
    mapAttrsToListRecursiveCond =
      cond: f:
      let
        go =
          path: set:
          concatMap (
            name:
            let
              here = path ++ [ name ];
            in
            if isAttrs set.${name} && cond here set.${name} then go here set.${name} else [ (f here set.${name}) ]
          ) (attrNames set);
      in
      go [ ];
    unionOfDisjoint = a: b: a // b;
    showAttrPath = path: if path == [ ] then "<root attribute path>" else concatStringsSep "." (map strings.escapeNixIdentifier path);
    longestValidPathPrefix = path: set: if path != [ ] && isAttrs set && hasAttr (head path) set then [ (head path) ] ++ longestValidPathPrefix (tail path) set.${head path} else [ ];
    updateManyAttrsByPath =
      updates: set:
      foldl' (set: update: updateAt update.path update.update set) set (lists.sortOn (update: -length update.path) updates);
    updateAt =
      path: f: set:
      if path == [ ] then f set else set // { ${head path} = updateAt (tail path) f (set.${head path} or { }); };
    getOutput = output: pkg: pkg.${output} or pkg.out or pkg;
    getBin = getOutput "bin";
    getLib = getOutput "lib";
    getDev = getOutput "dev";
    getMan = getOutput "man";
    chooseDevOutputs = map getDev;
    dontRecurseIntoAttrs = set: set // { recurseForDerivations = false; };
    isDerivation = value: value.type or null == "derivation";
    recurseIntoAttrs = set: set // { recurseForDerivations = true; };
    overrideExisting = old: new: mapAttrs (name: value: new.${name} or value) old;
    matchAttrs =
      pattern: attrs:
      builtins.all (
        name:
        hasAttr name attrs
        && (if isAttrs pattern.${name} then isAttrs attrs.${name} && matchAttrs pattern.${name} attrs.${name} else attrs.${name} == pattern.${name})
      ) (attrNames pattern);
  };

  text = native.text { inherit lib native; };

  strings = text.strings // rec {
    inherit (native)
      hasInfix
      hasPrefix
      hasSuffix
      removePrefix
      removeSuffix
      splitString
      toLower
      toUpper
      ;
    inherit (builtins)
      concatStringsSep
      fromJSON
      match
      split
      isString
      readFile
      replaceStrings
      stringLength
      substring
      toJSON
      unsafeDiscardStringContext
      ;
    concatStrings = concatStringsSep "";
    concatMapStrings = f: list: concatStrings (map f list);
    concatMapStringsSep = separator: f: list: concatStringsSep separator (map f list);
    concatMapAttrsStringSep = separator: f: set: concatStringsSep separator (attrsets.mapAttrsToList f set);
    concatImapStringsSep = separator: f: list: concatStringsSep separator (lists.imap1 f list);
    intersperse = separator: list: if list == [ ] then [ ] else tail (concatMap (x: [ separator x ]) list);
    optionalString = condition: text: if condition then text else "";
    stringToCharacters = text: genList (n: substring n 1 text) (stringLength text);
    join = concatStringsSep;
    toInt = number: text.strings.toIntBase10 number;
    fixedWidthString =
      width: filler: text:
      if stringLength text >= width then text else fixedWidthString width filler (filler + text);
    fixedWidthNumber = width: n: fixedWidthString width "0" (toString n);
    toSentenceCase = text: toUpper (substring 0 1 text) + toLower (substring 1 (stringLength text) text);
  };

  filesystem = {
    inherit (native) listFilesRecursive;
    inherit (builtins) pathExists;
    inherit (builtins) readDir readFileType;
    pathType = builtins.readFileType;
    locateDominatingFile =
      pattern: start:
      let
        go =
          path:
          let
            found = filter (matches: matches != null) (map (name: builtins.match pattern name) (attrNames (builtins.readDir path)));
          in
          if found != [ ] then { inherit path; matches = map (builtins.match pattern) (attrNames (builtins.readDir path)); } else if dirOf path == path then null else go (dirOf path);
      in
      go (if filesystem.pathIsDirectory start then start else dirOf start);
    resolveDefaultNix = path: if filesystem.pathIsDirectory path then path + "/default.nix" else path;
    packagesFromDirectoryRecursive =
      {
        callPackage,
        directory,
        ...
      }@args:
      if builtins.pathExists (directory + "/package.nix") then
        callPackage (directory + "/package.nix") { }
      else
        lists.foldl' (a: b: a // b) { } (
          map (
            name:
            let
              type = (builtins.readDir directory).${name};
              path = directory + "/${name}";
            in
            if type == "directory" then
              { ${name} = filesystem.packagesFromDirectoryRecursive (args // { directory = path; }); }
            else if native.hasSuffix ".nix" name then
              { ${native.removeSuffix ".nix" name} = callPackage path { }; }
            else
              { }
          ) (attrNames (builtins.readDir directory))
        );
    pathIsDirectory = path: builtins.pathExists path && (dirOf path == path || filesystem.pathType path == "directory");
    pathIsRegularFile = path: builtins.pathExists path && filesystem.pathType path == "regular";
  };

  # A file set is the list of its files.
  fileset = rec {
    filesOf =
      x:
      if x ? _files then
        x._files
      else if filesystem.pathIsDirectory x then
        native.listFilesRecursive x
      else
        [ x ];
    of = files: { _files = files; };
    toList = filesOf;
    maybeMissing = path: if builtins.pathExists path then path else of [ ];
    empty = of [ ];
    isFileset = x: x ? _files;
    trace = _: x: x;
    traceVal = x: x;
    gitTracked = filesOf;
    fromSource = filesOf;
    fileFilter =
      keep: path:
      of (
        filter (
          file:
          keep {
            name = baseNameOf file;
            type = "regular";
            hasExt = extension: native.hasSuffix ".${extension}" (baseNameOf file);
          }
        ) (filesOf path)
      );
    union = a: b: of (lists.unique (filesOf a ++ filesOf b));
    unions = sets: of (lists.unique (concatMap filesOf sets));
    difference = a: b: of (lists.subtractLists (filesOf b) (filesOf a));
    intersection = a: b: of (lists.intersectLists (filesOf b) (filesOf a));
    toSource = { root, ... }: root;
  };

  path = rec {
    within = a: (if a == /. then "" else toString a) + "/";
    hasPrefix = a: b: a == b || native.hasPrefix (within a) (toString b);
    removePrefix = a: b: if a == b then "./." else "./" + native.removePrefix (within a) (toString b);
    splitRoot = path: {
      root = /.;
      subpath = removePrefix /. path;
    };
    append = root: subpath: root + ("/" + subpath);
    subpath = rec {
      isValid = value: isString value && value != "" && substring 0 1 value != "/" && !(elem ".." (strings.splitString "/" value));
      components =
        value:
        if isValid value then
          filter (part: part != "" && part != ".") (strings.splitString "/" value)
        else
          throw "`${toString value}` is no path below another";
      of = parts: "./" + (if parts == [ ] then "." else concatStringsSep "/" parts);
      join = parts: of (concatMap components parts);
      normalise = value: of (components value);
    };
  };

  sources = {
    cleanSource = src: src;
    cleanSourceFilter = _: _: true;
    filterSource = _: src: src;
    sourceByGlobs = src: _: src;
    sourceFilesBySuffices = src: _: src;
    trace = src: src;
    cleanSourceWith = { src, ... }: src;
    sourceByRegex = src: _: src;
  };

  modules = rec {
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
    mkDefault = mkOverride 1000;
    mkOptionDefault = mkOverride 1500;
    mkForce = mkOverride 50;
    mkVMOverride = mkOverride 10;
    mkOrder = priority: content: {
      _type = "order";
      inherit priority content;
    };
    mkBefore = mkOrder 500;
    mkAfter = mkOrder 1500;
    mkImageMediaOverride = mkOverride 60;
    defaultOverridePriority = 100;
    defaultOrderPriority = 1000;
    mkAssert = _: _: content: content;
    mkFixStrictness = content: content;
    mkDefinition = args: args // { _type = "definition"; };
    mkAliasDefinitions = mkAliasAndWrapDefinitions (x: x);
    mkAliasAndWrapDefinitions = wrap: option: mkIf option.isDefined (wrap (mkMerge option.definitions));
    mkRemovedOptionModule = _: _: { };
    mkRenamedOptionModule =
      from: to:
      { config, ... }:
      {
        config = attrsets.setAttrByPath to (
          mkIf (attrsets.hasAttrByPath from config) (attrsets.attrByPath from null config)
        );
      };
    mkMergedOptionModule =
      froms: to: merge:
      { config, ... }:
      {
        config = attrsets.setAttrByPath to (
          mkIf (builtins.any (from: attrsets.hasAttrByPath from config) froms) (merge config)
        );
      };
    mkRenamedOptionModuleWith = { from, to, ... }: mkRenamedOptionModule from to;
    mkChangedOptionModule =
      from: to: change:
      { config, ... }:
      {
        config = attrsets.setAttrByPath to (mkIf (attrsets.hasAttrByPath from config) (change config));
      };
    mkAliasOptionModule = mkRenamedOptionModule;
    mkAliasOptionModuleMD = mkRenamedOptionModule;
    setDefaultModuleLocation = _file: m: {
      inherit _file;
      imports = [ m ];
    };
    importApply = path: args: import path args;
  };

  options = rec {
    mkOption = attrs: attrs // { _type = "option"; };
    mkEnableOption = name: mkOption {
      default = false;
      type = types.bool;
    };
    mkPackageOption = _: _: _: mkOption { };
    isOption = value: value._type or null == "option";
    literalExpression = text: { _type = "literalExpression"; inherit text; };
    literalMD = text: { _type = "literalMD"; inherit text; };
    literalCode = language: text: literalMD "```${language}\n${text}\n```";
    literalExample = literalExpression;
    showOption =
      path:
      let
        shown = name: if name == "*" || builtins.match "<(.*)>" name != null then name else strings.escapeNixIdentifier name;
      in
      concatStringsSep "." (map shown path);
    showFiles = files: concatStringsSep " and " (map (file: "`${file}'") files);
    getValues = map (definition: definition.value);
    getFiles = map (definition: definition.file);
    mergeOneOption = _: definitions: (head definitions).value;
    mergeUniqueOption = _: mergeOneOption;
    mergeEqualOption = mergeOneOption;
    mergeDefaultOption =
      place: definitions:
      let
        values = getValues definitions;
        first = head values;
      in
      if length values == 1 then
        first
      else if builtins.all trivial.isFunction values then
        x: mergeDefaultOption place (map (f: { value = f x; }) values)
      else if builtins.all isList values then
        concatLists values
      else if builtins.all isAttrs values then
        foldl' (a: b: a // b) { } values
      else if builtins.all builtins.isBool values then
        builtins.any (x: x) values
      else if builtins.all isString values then
        concatStringsSep "" values
      else
        first;
  };

  types =
    let
      plain = name: {
        _type = "option-type";
        inherit name;
      };
      of = name: elem: plain name // { inherit elem; };
      either = left: right: plain "either" // { inherit left right; };
    in
    {
      attrsOf = of "attrsOf";
      lazyAttrsOf = of "attrsOf";
      attrsWith = args: of "attrsOf" args.elemType;
      listOf = of "listOf";
      nonEmptyListOf = of "listOf";
      nullOr = of "nullOr";
      uniq = type: type;
      unique = _: type: type;
      functionTo = of "functionTo";
      submodule = module: plain "submodule" // { inherit module; };
      submoduleWith = { modules, specialArgs ? { }, ... }: plain "submodule" // {
        module = {
          imports = modules;
        };
        inherit specialArgs;
      };
      inherit either;
      oneOf = elems: lists.foldr either (lists.last elems) (lists.init elems);
      enum = _: plain "enum";
      coercedTo = from: coerce: to: plain "coercedTo" // { inherit from coerce to; };
      addCheck = type: _: type;
      deferredModule = plain "deferredModule";
      deferredModuleWith = _: plain "deferredModule";
      raw = plain "raw";
      anything = plain "anything";
      unspecified = plain "unspecified";
      attrs = plain "attrs";
      bool = plain "bool";
      int = plain "int";
      port = plain "int";
      float = plain "float";
      str = plain "str";
      string = plain "str";
      nonEmptyStr = plain "str";
      singleLineStr = plain "str";
      lines = plain "lines";
      commas = plain "commas";
      path = plain "path";
      pathInStore = plain "path";
      externalPath = plain "path";
      pathWith = _: plain "path";
      number = plain "number";
      numbers = {
        positive = plain "number";
        nonnegative = plain "number";
        between = _: _: plain "number";
      };
      envVar = plain "str";
      passwdEntry = type: type;
      shellPackage = plain "package";
      fileset = plain "fileset";
      attrTag = _: plain "attrTag";
      optionType = plain "optionType";
      setType = name: value: value // { _type = name; };
      isType = name: value: value._type or null == name;
      isOptionType = value: value._type or null == "option-type";
      package = plain "package";
      pkgs = plain "pkgs";
      mkOptionType = attrs: attrs // { _type = "option-type"; };
      ints = {
        positive = plain "int";
        unsigned = plain "int";
        between = _: _: plain "int";
        u8 = plain "int";
        u16 = plain "int";
        u32 = plain "int";
        s8 = plain "int";
        s16 = plain "int";
        s32 = plain "int";
      };
      strMatching = _: plain "str";
      separatedString = _: plain "str";
    };

  systems = native.systems { inherit lib native; };

  stringsWithDeps = rec {
    # Each after what it depends on; a text of its own depends on nothing.
    textClosureList =
      all: wanted:
      let
        add =
          state: entry:
          if isAttrs entry then
            let
              before = foldl' add state entry.deps;
            in
            before // { texts = before.texts ++ [ entry.text ]; }
          else if elem entry state.done then
            state
          else
            add (state // { done = state.done ++ [ entry ]; }) all.${entry};
      in
      (foldl' add { texts = [ ]; done = [ ]; } wanted).texts;
    textClosureMap =
      f: all: names:
      concatStringsSep "\n" (map f (textClosureList all names));
    stringAfter = deps: text: { inherit text deps; };
    fullDepEntry = text: deps: stringAfter deps text;
    noDepEntry = stringAfter [ ];
    packEntry = deps: stringAfter deps "";
  };

  asserts = {
    inherit (trivial) assertMsg assertOneOf;
    assertEachOneOf = _: _: _: true;
    checkAssertWarn = _: _: value: value;
  };
  debug = {
    inherit (trivial) traceVal traceValSeq traceSeq;
    traceIf = _: _: x: x;
    traceValFn = _: x: x;
    traceValSeqFn = _: x: x;
    traceSeqN = _: _: x: x;
    traceValSeqN = _: x: x;
    traceFnSeqN = _: _: f: f;
  };
  customisation = rec {
    makeOverridable =
      f:
      trivial.mirrorFunctionArgs f (
        args:
        let
          result = f args;
          more = {
            override = new: makeOverridable f (args // (if trivial.isFunction new then new args else new));
          };
        in
        if isAttrs result then
          result // more
        else if isFunction result then
          more // { __functor = _: result; }
        else
          result
      );
    callPackagesWith = callPackageWith;
    makeScope =
      newScope: f:
      let
        self = f self // {
          newScope = scope: newScope (self // scope);
          callPackage = self.newScope { };
          overrideScope = g: makeScope newScope (fixedPoints.extends g f);
          packages = f;
        };
      in
      self;
    callPackageWith =
      auto: f: args:
      let
        fn = if isFunction f then f else import f;
      in
      fn (intersectAttrs (functionArgs fn) auto // args);
  };

  # What a part lacks is unknown, as what `lib` lacks.
  parts = mapAttrs (name: part: native.external.${name} // part) {
    inherit
      asserts
      attrsets
      customisation
      debug
      fileset
      filesystem
      fixedPoints
      lists
      modules
      options
      path
      sources
      strings
      stringsWithDeps
      trivial
      ;
  };

  lib =
    native.external
    // trivial
    // fixedPoints
    // lists
    // attrsets
    // strings
    // stringsWithDeps
    // filesystem
    // sources
    // removeAttrs modules [ "defaultOrderPriority" ]
    // options
    // customisation
    // debug
    // asserts
    // parts
    // {
      inherit (builtins)
        addErrorContext
        baseNameOf
        compareVersions
        dirOf
        fromTOML
        genericClosure
        hashFile
        hashString
        parseDrvName
        readFileType
        splitVersion
        toString
        tryEval
        ;
      # `lib.strings` has one as well.
      inherit (lists) replicate;
      inherit (types) isOptionType isType setType;
      inherit (text) versions generators;
      inherit (types) mkOptionType;
      platforms = systems.doubles;
      inherit systems types;
    };

  # What modules are called with as `lib` is the one that evaluates them, extended or not.
  base = final: lib // {
    evalModules = args: native.evalModules ({ lib = final; } // args);
    nixosSystem = args: native.nixosSystem ({ lib = final; } // args);
  };
  extensible =
    make:
    let
      final = make final // {
        extend = overlay: extensible (fixedPoints.extends overlay make);
      };
    in
    final;
in
extensible base

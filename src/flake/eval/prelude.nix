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
    boolToString = b: if b then "true" else "false";
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
      isBool
      isFloat
      isInt
      isPath
      typeOf
      genericClosure
      lessThan
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
    composeManyExtensions = foldl' composeExtensions (_: _: { });
    makeExtensible =
      f:
      let
        rattrs = self: f self;
      in
      fix (
        self:
        (rattrs self)
        // {
          extend = g: makeExtensible (extends g rattrs);
        }
      );
    makeExtensibleWithCustomName = _: makeExtensible;
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
    uniqueStrings = unique;
    intersectLists = e: filter (x: elem x e);
    subtractLists = e: filter (x: !(elem x e));
    mutuallyExclusive = a: b: length a == 0 || !(builtins.any (x: elem x a) b);
    crossLists = f: foldl' (fs: args: concatMap (f: map f args) fs) [ f ];
    sortOn = f: sort (a: b: f a < f b);
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
    isDerivation = value: value.type or null == "derivation";
    recurseIntoAttrs = set: set // { recurseForDerivations = true; };
    partitionAttrs = pred: set: {
      right = filterAttrs pred set;
      wrong = filterAttrs (n: v: !(pred n v)) set;
    };
    overrideExisting = old: new: mapAttrs (name: value: new.${name} or value) old;
    matchAttrs = pattern: attrs: builtins.all (name: hasAttr name attrs && attrs.${name} == pattern.${name}) (attrNames pattern);
  };

  strings = rec {
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
    toInt = text: builtins.fromJSON text;
    fixedWidthString =
      width: filler: text:
      if stringLength text >= width then text else fixedWidthString width filler (filler + text);
    fixedWidthNumber = width: n: fixedWidthString width "0" (toString n);
    toSentenceCase = text: toUpper (substring 0 1 text) + toLower (substring 1 (stringLength text) text);
  };

  filesystem = {
    inherit (native) listFilesRecursive;
    inherit (builtins) pathExists;
    pathType = path: (builtins.readDir (dirOf path)).${baseNameOf path};
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

  path = {
    append = root: subpath: root + ("/" + subpath);
    subpath.join = parts: concatStringsSep "/" parts;
  };

  sources = {
    cleanSource = src: src;
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
    mkAssert = _: _: content: content;
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
    literalExpression = text: text;
    literalMD = text: text;
  };

  types =
    let
      plain = name: {
        _type = "option-type";
        inherit name;
      };
      of = name: elem: plain name // { inherit elem; };
    in
    {
      attrsOf = of "attrsOf";
      lazyAttrsOf = of "attrsOf";
      attrsWith = args: of "attrsOf" args.elemType;
      listOf = of "listOf";
      nonEmptyListOf = of "listOf";
      nullOr = of "nullOr";
      uniq = of "nullOr";
      unique = _: of "nullOr";
      functionTo = of "functionTo";
      submodule = module: plain "submodule" // { inherit module; };
      submoduleWith = { modules, specialArgs ? { }, ... }: plain "submodule" // {
        module = {
          imports = modules;
        };
        inherit specialArgs;
      };
      either = a: b: of "either" a;
      oneOf = elems: plain "oneOf";
      enum = _: plain "enum";
      coercedTo = from: coerce: to: plain "coercedTo";
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
      };
      strMatching = _: plain "str";
      separatedString = _: plain "str";
    };

  systems = {
    flakeExposed = [
      "x86_64-linux"
      "aarch64-linux"
      "x86_64-darwin"
      "armv6l-linux"
      "armv7l-linux"
      "i686-linux"
      "aarch64-darwin"
      "powerpc64le-linux"
      "riscv64-linux"
      "x86_64-freebsd"
    ];
    doubles = {
      linux = systems.flakeExposed;
      all = systems.flakeExposed;
    };
  };

  debug = {
    inherit (trivial) traceVal traceValSeq traceSeq;
  };
  customisation = {
    makeOverridable = f: f;
    callPackageWith =
      auto: f: args:
      let
        fn = if isFunction f then f else import f;
      in
      fn (intersectAttrs (functionArgs fn) auto // args);
  };

  lib =
    native.external
    // trivial
    // fixedPoints
    // lists
    // attrsets
    // strings
    // filesystem
    // sources
    // modules
    // options
    // customisation
    // {
      inherit
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
        systems
        trivial
        types
        ;
      inherit (native) nixosSystem evalModules;
    };

  extensible =
    prev:
    prev
    // {
      extend =
        overlay:
        let
          final = extensible (prev // overlay final prev);
        in
        final;
    };
in
extensible lib

# The module system: collects modules, takes the properties off, merges by
# priority and order, and refuses what no option has been recorded for.
lib:
let
  types = import ./types.nix lib;

  # Modules and all that they import, files once only, as `{ file, config }`: one level of
  # imports after the other.
  collect =
    args: modules:
    let
      load =
        item:
        let
          isFile = builtins.isPath item || lib.isString item;
          file = if isFile then toString item else "<inline>";
          raw = if isFile then import item else item;
          module = if lib.isFunction raw then raw args else raw;
          own = builtins.removeAttrs module [
            "imports"
            "config"
            "_file"
          ];
        in
        {
          inherit isFile;
          key = file;
          file = module._file or file;
          imports = module.imports or [ ];
          config =
            if !module ? config then
              own
            else if own == { } then
              module.config
            else
              throw "Module `${file}' has an unsupported attribute `${lib.head (lib.attrNames own)}'";
        };
      isNew = seen: one: !one.isFile || !lib.any (other: other.isFile && other.key == one.key) seen;
      add = seen: one: if isNew seen one then seen ++ [ one ] else seen;
      level =
        items: done:
        let
          all = lib.foldl' add done (map load items);
          fresh = lib.drop (lib.length done) all;
        in
        if items == [ ] then done else level (lib.concatMap (one: one.imports) fresh) all;
    in
    level modules [ ];

  # `mkIf` and `mkMerge` off, as far down as the value itself.
  discharge =
    def:
    if def.value._type or null == "merge" then
      lib.concatMap (value: discharge (def // { inherit value; })) def.value.contents
    else if def.value._type or null == "if" then
      lib.optionals def.value.condition (discharge (def // { value = def.value.content; }))
    else
      [ def ];

  # `mkOverride` and `mkOrder` off: the highest priority alone, in order.
  select =
    defs:
    let
      weigh =
        def:
        if def.value._type or null == "override" then
          map (inner: inner // { inherit (def.value) priority; }) (
            discharge (def // { value = def.value.content; })
          )
        else
          [ ({ priority = 100; } // def) ];
      place =
        def:
        if def.value._type or null == "order" then
          def
          // {
            order = def.value.priority;
            value = def.value.content;
          }
        else
          { order = 1000; } // def;
      weighed = lib.concatMap weigh (lib.concatMap discharge defs);
      best = lib.foldl' (low: def: if def.priority < low then def.priority else low) 9999 weighed;
    in
    lib.sort (a: b: a.order < b.order) (map place (lib.filter (def: def.priority == best) weighed));

  # What the definitions make of one option.
  evalOption =
    loc: option: defs:
    let
      byDefault = lib.optional (option ? default) {
        file = "<default>";
        value = lib.mkOverride 1500 option.default;
      };
      selected = select (defs ++ byDefault);
      wrong = lib.filter (def: !option.type.check def.value) selected;
      name = lib.concatStringsSep "." loc;
    in
    if selected == [ ] then
      throw "The option `${name}' is used but not defined."
    else if wrong != [ ] then
      throw "A definition for option `${name}' is not of type `${option.type.name}'. Definition in ${toString (lib.head wrong).file}"
    else
      option.type.merge loc selected;

  # Properties of a set belong to each of its attributes: a condition is looked at
  # only where its option is, so that it may depend on other options.
  push =
    def:
    let
      inner = push (def // { value = def.value.content; });
      mark = f: map (d: d // { value = lib.mapAttrs (_: f) d.value; }) inner;
      property = def.value._type or null;
    in
    if property == "merge" then
      lib.concatMap (value: push (def // { inherit value; })) def.value.contents
    else if property == "if" then
      mark (lib.mkIf def.value.condition)
    else if property == "override" then
      mark (lib.mkOverride def.value.priority)
    else
      [ def ];

  # The definitions of everything below a place, by attribute.
  spread =
    loc: defs:
    let
      add =
        all: def:
        if lib.isAttrs def.value then
          all // lib.mapAttrs (name: value: (all.${name} or [ ]) ++ [ (def // { inherit value; }) ]) def.value
        else
          throw "The option `${lib.concatStringsSep "." loc}' is a set. Definition in ${toString def.file}";
    in
    lib.foldl' add { } (lib.concatMap push defs);

  # A tree of options and the definitions for it → values. `_any` is the option of
  # names that the tree does not list.
  evalTree =
    loc: tree: defs:
    let
      given = spread loc defs;
      known = builtins.removeAttrs tree [ "_any" ];
      others = builtins.removeAttrs given (lib.attrNames known);
      defined = lib.filterAttrs (_: defs: select defs != [ ]) others;
      unknown = lib.head (lib.attrNames others);
    in
    if tree ? _any then
      lib.mapAttrs (name: evalNode (loc ++ [ name ]) (tree._any name)) defined
      // lib.mapAttrs (name: node: evalNode (loc ++ [ name ]) node (given.${name} or [ ])) known
    else
      # Which names there are does not depend on what is defined.
      lib.mapAttrs (
        name: node:
        if others == { } then
          evalNode (loc ++ [ name ]) node (given.${name} or [ ])
        else
          throw "The option `${
            lib.concatStringsSep "." (loc ++ [ unknown ])
          }' does not exist. Definition in ${toString (lib.head others.${unknown}).file}"
      ) known;

  # An option, a set of one kind of things (`submodule`, which can be overridden as
  # a whole), or a mere folder of options.
  evalNode =
    loc: node: defs:
    if node ? type then
      evalOption loc node defs
    else if node ? submodule then
      evalTree loc node.submodule (turn node.submodule (select (defs ++ [ emptySet ])))
    else
      evalTree loc node defs;
  emptySet = {
    file = "<default>";
    value = lib.mkOverride 1500 { };
  };

  # NixOS merges what was collected last first, and does so again in every submodule. (A set
  # of things of one kind is none.)
  turn = tree: if lib.attrNames tree == [ "_any" ] then (defs: defs) else lib.reverseList;

  # What defines one option, as `options.….definitionsWithLocations` has it.
  definitions =
    path: defs:
    if path == [ ] then
      select defs
    else
      definitions (lib.tail path) ((spread [ ] defs).${lib.head path} or [ ]);
in
{
  inherit types collect definitions;
  evalModules = tree: defs: evalTree [ ] tree (lib.reverseList defs);
}

# Types of options: what a value must be, and how several definitions become one.
# A definition is `{ file, value }` with its properties taken off.
lib:
let
  show = loc: "`${lib.concatStringsSep "." loc}'";
  files = defs: lib.concatMapStringsSep ", " (def: toString def.file) defs;

  type = name: check: merge: { inherit name check merge; };

  # One definition, or several that say the same.
  same =
    loc: defs:
    if lib.all (def: def.value == (lib.head defs).value) defs then
      (lib.head defs).value
    else
      throw "The option ${show loc} has conflicting definition values in ${files defs}";
  scalar = name: check: type name check same;
in
rec {
  bool = scalar "boolean" lib.isBool;
  int = scalar "signed integer" lib.isInt;
  port = scalar "16 bit unsigned integer" (value: lib.isInt value && value >= 0 && value < 65536);
  str = scalar "string" lib.isString;
  singleLineStr = scalar "string without line breaks" (
    value: lib.isString value && !lib.hasInfix "\n" value
  );
  path = scalar "path" (value: lib.hasPrefix "/" (toString value));
  package = scalar "package" (value: lib.isAttrs value && value ? outPath);
  enum = values: scalar "one of ${builtins.toJSON values}" (value: lib.elem value values);
  lines = type "strings concatenated with \"\\n\"" lib.isString (
    _: lib.concatMapStringsSep "\n" (def: def.value)
  );
  # A text, or a text and what it runs after.
  script =
    type "activation script" (value: lib.isString value || lib.isAttrs value)
      (
        _: defs:
        let
          sets = map (def: if lib.isString def.value then { text = def.value; } else def.value) defs;
        in
        {
          text = lib.concatStringsSep "\n" (lib.concatMap (set: lib.optional (set ? text) set.text) sets);
          deps = lib.concatMap (set: set.deps or [ ]) sets;
        }
      );
  unspecified = scalar "anything" (_: true);

  nullOr =
    inner:
    type "null or ${inner.name}" (value: value == null || inner.check value) (
      loc: defs: if lib.all (def: def.value == null) defs then null else inner.merge loc defs
    );

  oneOf =
    inners:
    type (lib.concatMapStringsSep " or " (inner: inner.name) inners)
      (value: lib.any (inner: inner.check value) inners)
      (
        loc: defs:
        let
          fitting = lib.filter (inner: lib.all (def: inner.check def.value) defs) inners;
        in
        if fitting == [ ] then
          throw "The option ${show loc} has definitions of different types in ${files defs}"
        else
          (lib.head fitting).merge loc defs
      );

  listOf =
    inner:
    type "list of ${inner.name}" lib.isList (
      loc: defs:
      lib.concatMap (
        def:
        map (
          value:
          if inner.check value then
            inner.merge loc [ (def // { inherit value; }) ]
          else
            throw "A definition for option ${show loc} is not a list of ${inner.name}. Definition in ${toString def.file}"
        ) def.value
      ) defs
    );
}

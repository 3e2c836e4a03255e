# The modules of one host, as NixOS lists them, and the files that define the options
# which only a machine's own configuration defines.
{ name, withDefinitions }:
configurations:
let
  host = configurations.${name};
  options = host.options or { };

  # A module that is a path is described by its file. A module that is a value is described
  # by the position of its first attribute, or of the first argument of its function.
  describe =
    level: module:
    if builtins.isPath module || builtins.isString module then
      [
        {
          inherit level;
          file = toString module;
          line = null;
          column = null;
        }
      ]
    else if builtins.isFunction module then
      placed level (builtins.functionArgs module)
    else if builtins.isAttrs module then
      placed level module ++ inner level (module.imports or [ ])
    else
      [ ];
  inner =
    level: modules:
    if level < 4 && builtins.isList modules then
      builtins.concatMap (describe (level + 1)) modules
    else
      [ ];
  placed =
    level: set:
    let
      names = builtins.attrNames set;
      at = builtins.unsafeGetAttrPos (builtins.head names) set;
    in
    if names == [ ] || at == null then
      [ ]
    else
      [
        {
          inherit level;
          inherit (at) file line column;
        }
      ];
in
if !configurations ? ${name} then
  null
else
  {
    modules = builtins.concatMap (describe 0) (host._module.args.modules or [ ]);
    defining =
      if withDefinitions then
        map toString (
          (options.networking.hostName.files or [ ])
          ++ (options.system.stateVersion.files or [ ])
          ++ (options.nixpkgs.hostPlatform.files or [ ])
          ++ (options.fileSystems.files or [ ])
        )
      else
        [ ];
  }

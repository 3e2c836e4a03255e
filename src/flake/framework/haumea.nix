# https://github.com/nix-community/haumea
# A folder as a set: <name>.nix is called with the inputs, self, super and root.
{ lib, ... }:
let
  loaders = rec {
    default = inputs: path: callWith inputs (import path);
    verbatim = _: path: import path;
    path = _: path: path;
    scoped = default;
    callPackage = default;
  };
  callWith = inputs: f: if lib.isFunction f then f (builtins.intersectAttrs (lib.functionArgs f) inputs) else f;
  stem = name: lib.removePrefix "__" (lib.removePrefix "_" (lib.removeSuffix ".nix" name));

  load =
    {
      src,
      loader ? loaders.default,
      inputs ? { },
      transformer ? [ ],
    }:
    let
      transform = cursor: value: lib.foldl' (value: t: t cursor value) value (lib.flatten transformer);
      tree =
        dir: cursor: super:
        let
          entries = lib.filterAttrs (name: type: type == "directory" || lib.hasSuffix ".nix" name) (builtins.readDir dir);
          view = lib.mapAttrs' (name: type: {
            name = stem name;
            value =
              if type == "directory" then
                transform (cursor ++ [ name ]) (tree (dir + "/${name}") (cursor ++ [ name ]) view)
              else
                loader (
                  inputs
                  // {
                    inherit super root;
                    self = view.${stem name};
                  }
                ) (dir + "/${name}");
          }) entries;
        in
        view;
      root = tree src [ ] { };
    in
    transform [ ] root;
in
{
  lib = {
    inherit load loaders;
    transformers = {
      liftDefault = _: set: if set ? default then removeAttrs set [ "default" ] // set.default else set;
      hoistAttrs = _: _: _: set: set;
      hoistLists = _: _: _: set: set;
    };
  };
}

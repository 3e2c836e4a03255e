# https://github.com/vic/den
# den.hosts.<system>.<name> declares a host; den.aspects.<name>.nixos is its module, with
# those of the aspects that this one includes.
{ lib, native }:
let
  inherit (lib) mkOption types;
  option = type: default: mkOption { inherit type default; };

  aspect = {
    freeformType = types.lazyAttrsOf types.deferredModule;
    options.includes = option (types.listOf types.raw) [ ];
    options.provides = option (types.lazyAttrsOf types.raw) { };
    options._ = option (types.lazyAttrsOf types.raw) { };
  };

  # An aspect as its parts say it, for a host where they are functions of one.
  view =
    context: raw:
    (lib.evalModules {
      modules = [
        aspect
        raw
      ];
      specialArgs = context;
    }).config
    // {
      _raw = raw;
      __functor = _: argument: if lib.isFunction raw then raw argument else view context raw;
    };

  modulesOf =
    class: context: item:
    let
      raw = item._raw or item;
      seen = view context raw;
    in
    if lib.isFunction item || lib.isAttrs item then
      lib.optional (seen ? ${class}) seen.${class} ++ lib.concatMap (modulesOf class context) seen.includes
    else
      [ item ];

  aspects =
    den:
    mkOption {
      type = types.lazyAttrsOf types.deferredModule;
      default = { };
      apply = lib.mapAttrs (_: view { inherit den lib; });
    };

  # `inputs.den.namespace "acme" true`: aspects of the flake's own, as `acme.NAME`.
  namespace =
    name: _:
    { config, den, ... }:
    {
      options.${name} = aspects den;
      config._module.args.${name} = config.${name};
    };

  # Aspects that are functions of a host are looked at as such, marked or not.
  parametric = {
    __functor = _: raw: raw;
    atLeast = raw: raw;
    exactly = raw: raw;
    fixedTo = _: raw: raw;
  };

  flakeModule =
    {
      config,
      inputs,
      ...
    }:
    let
      cfg = config.den;
      den = (inputs.den or (native.unknown "a part of den")) // cfg // { inherit (all) lib; };
      linux = lib.mapAttrs (_: lib.filterAttrs (_: host: host.class == "nixos")) cfg.hosts;

      aspectOf = host: if lib.isString host.aspect then cfg.aspects.${host.aspect} or null else host.aspect;
      make =
        host:
        let
          own = aspectOf host;
          context = {
            inherit host den lib;
          };
          found = modulesOf "nixos" context own;
        in
        native.system "den" {
          inherit (host) system;
          # Where its aspect has no module yet, that is where it would be.
          modules = lib.optional (own != null && !(view context own._raw or own) ? nixos) (native.absent (own._raw or own) "nixos") ++ (if own == null then [ ] else found);
        };

      hostType =
        system:
        types.submodule (
          { name, config, ... }:
          {
            freeformType = types.lazyAttrsOf types.raw;
            options = {
              name = option types.str name;
              system = option types.str system;
              class = option types.str (if lib.hasSuffix "darwin" config.system then "darwin" else "nixos");
              aspect = option types.raw config.name;
              intoAttr = option types.raw [
                "nixosConfigurations"
                config.name
              ];
            };
          }
        );
      into = host: lib.toList host.intoAttr;
      nameOf = name: host: if lib.length (into host) > 1 then lib.last (into host) else name;
      renamed = lib.any (hosts: lib.any (name: nameOf name hosts.${name} != name) (lib.attrNames hosts)) (lib.attrValues linux);
      placed = lib.filterAttrs (_: host: lib.head (into host) == "nixosConfigurations");
    in
    {
      options.den = {
        hosts = option (types.attrsOf (
          types.submodule (
            { name, ... }:
            {
              freeformType = types.attrsOf (hostType name);
            }
          )
        )) { };
        aspects = aspects den;
      };
      config._module.args.den = den;
      config.flake.nixosConfigurations = lib.concatMapAttrs (
        _: hosts: if renamed then lib.mapAttrs' (name: host: lib.nameValuePair (nameOf name host) (make host)) (placed hosts) else lib.mapAttrs (_: make) (placed hosts)
      ) linux;
    };

  all = {
    inherit flakeModule namespace;
    lib = native.unknown "a function of den" // {
      inherit parametric;
      take = parametric;
    };
    flakeModules.default = flakeModule;
    flakeModules.dendritic = flakeModule;
    modules.flake = all.flakeModules;
  };
in
all
// {
  _files."default.nix" = all;
}

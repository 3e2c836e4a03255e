# `nixosSystem`: modules in, `config` out.
{
  modules,
  # Without the options that nix-darwin does not have.
  darwin ? false,
  system ? builtins.currentSystem,
  specialArgs ? { },
}:
let
  lib = import ./lib.nix;
  pkgs = import ./pkgs.nix system;
  merge = import ./merge.nix lib;
  ofNixos = import ./options.nix {
    inherit config pkgs;
    inherit (merge) types;
  };
  ofDarwin = removeAttrs ofNixos [ "systemd" ] // {
    nix = removeAttrs ofNixos.nix [ "sshServe" ];
  };
  declared = if darwin then ofDarwin else ofNixos;
  defined = map (module: {
    inherit (module) file;
    value = module.config;
  }) collected;
  config = merge.evalModules declared defined;
  argsOfModules = {
    inherit config lib pkgs;
    options = declared // {
      services = declared.services // {
        openssh = declared.services.openssh // {
          extraConfig.definitionsWithLocations = merge.definitions [
            "services"
            "openssh"
            "extraConfig"
          ] defined;
        };
      };
    };
  };
  collected = merge.collect (specialArgs // argsOfModules) (
    lib.optionals (!darwin) [
      ./modules.nix
      ./sshd.nix
      ./toplevel.nix
    ]
    ++ modules
  );

  # The files that define an option, as far as they do so plainly.
  filesOf = path: {
    files = map (module: module.file) (
      lib.filter (
        module:
        lib.foldl' (set: name: if lib.isAttrs set then set.${name} or null else null) module.config path
        != null
      ) collected
    );
  };
in
{
  inherit config pkgs;
  extendModules =
    extension:
    import ./system.nix {
      inherit system specialArgs;
      modules = modules ++ extension.modules;
    };
  _module.args = { inherit modules; };
  options = {
    networking.hostName = filesOf [
      "networking"
      "hostName"
    ];
    system.stateVersion = filesOf [
      "system"
      "stateVersion"
    ];
  };
}

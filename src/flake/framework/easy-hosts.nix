# https://github.com/tgirlcloud/easy-hosts
# <path>/<arch>-<class>/<name>, or <path>/<name> with onlySystem, or what
# easy-hosts.hosts says.
{ native, ... }:
{
  flakeModule =
    {
      config,
      lib,
      inputs,
      self,
      ...
    }:
    let
      cfg = config.easy-hosts;
      folders = dir: lib.filterAttrs (_: type: type == "directory") (builtins.readDir dir);
      archOf = system: lib.head (lib.splitString "-" system);
      classOf = system: lib.last (lib.splitString "-" system);
      found = system: dir: lib.mapAttrs (name: _: {
        arch = archOf system;
        class = classOf system;
        path = dir + "/${name}";
      }) (builtins.readDir dir);
      constructed =
        if !(cfg.autoConstruct or false) then
          { }
        else if (cfg.onlySystem or null) != null then
          found cfg.onlySystem cfg.path
        else
          lib.concatMapAttrs (system: _: found system (cfg.path + "/${system}")) (folders cfg.path);
      hosts = lib.recursiveUpdate constructed (cfg.hosts or { });
      isLinux = host: (host.class or "nixos") != "darwin" && ((cfg.additionalClasses or { }).${host.class or "nixos"} or "nixos") != "darwin";
      conventional =
        name:
        lib.filter builtins.pathExists [
          (self + "/hosts/${name}/default.nix")
          (self + "/systems/${name}/default.nix")
        ];
    in
    {
      flake.nixosConfigurations = lib.mapAttrs (
        name: host:
        native.system "easy-hosts" {
          system = "${host.arch or "x86_64"}-linux";
          specialArgs = {
            inherit inputs self;
          }
          // (host.specialArgs or { });
          modules = (if (host.path or null) != null then [ host.path ] else conventional name) ++ (host.modules or [ ]) ++ (cfg.shared.modules or [ ]);
        }
      ) (lib.filterAttrs (_: isLinux) hosts);
    };
}

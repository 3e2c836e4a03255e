# A module for flake-parts: `larder lint` as a check of the flake that imports it, and as a
# hook where it imports git-hooks.nix as well. larder's flake is the argument.
larder:
{ self, flake-parts-lib, ... }:
{
  options.perSystem = flake-parts-lib.mkPerSystemOption (
    {
      config,
      lib,
      options,
      pkgs,
      ...
    }:
    let
      cfg = config.larder;
    in
    {
      options.larder = {
        check = lib.mkOption {
          type = lib.types.bool;
          default = true;
          description = "Whether `nix flake check` fails where lint does.";
        };
        hook = lib.mkOption {
          type = lib.types.bool;
          default = true;
          description = "Whether git-hooks.nix runs lint, where its flake module is imported.";
        };
        src = lib.mkOption {
          type = lib.types.path;
          default = self;
          defaultText = lib.literalExpression "self";
          description = "The folder with `larder.toml`.";
        };
        arguments = lib.mkOption {
          type = lib.types.str;
          default = "";
          example = "--deny warning";
          description = "More arguments of `larder lint`, for the check and for the hook.";
        };
      };

      config = lib.mkMerge [
        (lib.mkIf cfg.check {
          checks.larder = larder.lib.check {
            inherit pkgs;
            inherit (cfg) src arguments;
          };
        })
        # Without git-hooks.nix there is no such option, and a definition would be an error.
        (lib.optionalAttrs (options ? pre-commit) {
          pre-commit.settings.hooks = lib.mkIf cfg.hook {
            larder = larder.lib.hook {
              inherit pkgs;
              inherit (cfg) arguments;
            };
          };
        })
      ];
    }
  );
}

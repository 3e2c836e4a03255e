# Secrets as agenix, sops-nix and clan (with its sops store) bring them: the options and the
# order of their modules. What is encrypted elsewhere is plain here, outside of the store.
{ types, config }:
let
  optionOr = default: type: { inherit type default; };
  setOf = node: { submodule._any = node; };
  host = config.networking.hostName;
  inherit (config.clan.core.settings) directory;
in
{
  age.secrets = setOf (name: {
    submodule = {
      file.type = types.path;
      path = optionOr "/run/agenix/${name}" types.str;
      mode = optionOr "0400" types.str;
      owner = optionOr "0" types.str;
      group = optionOr "0" types.str;
    };
  });

  sops = {
    defaultSopsFile = optionOr "/no-default" types.path;
    secrets = setOf (name: {
      submodule = {
        sopsFile = optionOr config.sops.defaultSopsFile types.path;
        format = optionOr "yaml" types.str;
        path = optionOr "/run/secrets/${name}" types.str;
        mode = optionOr "0400" types.str;
        owner = optionOr null (types.nullOr types.str);
        uid = optionOr 0 types.int;
      };
    });
  };

  clan.core = {
    settings.directory = optionOr "/no-directory" types.path;
    vars.generators = setOf (generator: {
      submodule = {
        script = optionOr "" types.lines;
        share = optionOr false types.bool;
        files = setOf (
          name:
          let
            vars = "vars/per-machine/${host}/${generator}/${name}";
            isThere = builtins.pathExists "${toString directory}/${vars}/secret";
          in
          {
            submodule = {
              secret = optionOr true types.bool;
              deploy = optionOr true types.bool;
              mode = optionOr "0400" types.str;
              owner = optionOr "root" types.str;
              neededFor = optionOr "services" (
                types.enum [
                  "partitioning"
                  "activation"
                  "users"
                  "services"
                ]
              );
              path = optionOr (if isThere then "/run/secrets/${vars}" else "/no-such-path") types.str;
            };
          }
        );
      };
    });
  };
}

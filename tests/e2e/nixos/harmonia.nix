# `services.harmonia` in the forms that NixOS has had: `one-key` until 24.05, `flat` until
# 25.11, then `moved`. A scenario chooses by ./harmonia-form.nix.
{
  types,
  option,
  optionOr,
  toggle,
}:
let
  form = import ./harmonia-form.nix;
  file = types.nullOr types.path;
  cache = {
    enable = toggle;
    signKeyPath = optionOr null file;
    settings.submodule = {
      bind = optionOr "[::]:5000" types.str;
      _any = _: option types.unspecified;
    };
  }
  // (if form == "one-key" then { } else { signKeyPaths = optionOr [ ] (types.listOf types.path); });
in
if form == "moved" then { inherit cache; } else cache

# `services.openssh`: the settings in a file, then the text, of which NixOS' own comes first.
{ config, lib, ... }:
let
  inherit (config.services) openssh;
  inherit (config.programs) ssh;

  textOf =
    name: v:
    if lib.isBool v then
      (if v then "yes" else "no")
    else if !lib.isList v then
      toString v
    else if lib.elem name listed then
      toString v
    else
      throw "list value for unknown key ${name}";
  listed = [
    "AcceptEnv"
    "AllowGroups"
    "AllowUsers"
    "AuthorizedKeysFile"
    "DenyGroups"
    "DenyUsers"
  ];
  settings = lib.filterAttrs (_: v: v != null) openssh.settings;
  names = map lib.toLower (lib.attrNames openssh.settings);
  portOf = listen: lib.optionalString (listen.port or null != null) ":${toString listen.port}";
in
{
  _file = "/nixpkgs/nixos/modules/services/networking/ssh/sshd.nix";

  config = lib.mkIf openssh.enable {
    environment.etc = {
      "ssh/sshd_config".text =
        lib.concatStrings (lib.mapAttrsToList (name: v: "${name} ${textOf name v}\n") settings)
        + openssh.extraConfig;
    }
    // lib.mapAttrs' (
      name: user:
      lib.nameValuePair "ssh/authorized_keys.d/${name}" {
        # Copied: sshd trusts no folder that build users may write to.
        mode = "0444";
        text = lib.concatMapStrings (key: "${key}\n") user.openssh.authorizedKeys.keys;
      }
    ) (lib.filterAttrs (_: user: user.openssh.authorizedKeys.keys != [ ]) config.users.users);

    # It depends on the settings, by way of `programs.ssh`.
    services.openssh.extraConfig = lib.mkOrder 0 ''
      AddressFamily any
      ${lib.concatMapStrings (port: "Port ${toString port}\n") openssh.ports}
      ${lib.concatMapStrings (listen: "ListenAddress ${listen.addr}${portOf listen}\n") openssh.listenAddresses}
      ${lib.optionalString ssh.setXAuthLocation "XAuthLocation /pkgs/xauth/bin/xauth"}
      AuthorizedKeysFile ${toString openssh.authorizedKeysFiles}
      ${lib.concatMapStrings (key: "HostKey ${key.path}\n") openssh.hostKeys}
    '';
    services.openssh.authorizedKeysFiles =
      lib.optional openssh.authorizedKeysInHomedir "%h/.ssh/authorized_keys"
      ++ [ "/etc/ssh/authorized_keys.d/%u" ];
    networking.firewall.allowedTCPPorts = lib.optionals openssh.openFirewall openssh.ports;

    assertions = [
      {
        assertion = lib.unique names == names;
        message = "Duplicate sshd config key; does your capitalization match the option's?";
      }
    ];
  };
}

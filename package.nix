{
  lib,
  stdenv,
  rustPlatform,
  installShellFiles,
  versionCheckHook,
  curl,
  git,
  gnupg,
  nix,
  openssh,
  strace,
  util-linux,
}:

# In the form of nixpkgs' `pkgs/by-name`. There, `src` is fetched from a tag, and
# `cargoHash` takes the place of `cargoLock`: docs/release.md.
rustPlatform.buildRustPackage (finalAttrs: {
  pname = "larder";
  version = (lib.importTOML ./Cargo.toml).package.version;
  __structuredAttrs = true;
  strictDeps = true;

  src = lib.fileset.toSource {
    root = ./.;
    fileset = lib.fileset.difference ./. (
      lib.fileset.unions [
        (lib.fileset.maybeMissing ./.git)
        (lib.fileset.maybeMissing ./target)
        (lib.fileset.maybeMissing ./result)
      ]
    );
  };
  cargoLock.lockFile = ./Cargo.lock;

  nativeBuildInputs = [ installShellFiles ];

  # The unit tests, and those of the commands: they start git, ssh and Nix, and need no
  # network and no root.
  doCheck = true;
  checkType = "debug";
  nativeCheckInputs = [
    curl
    git
    gnupg
    nix
    openssh
  ]
  ++ lib.optionals stdenv.hostPlatform.isLinux [
    strace
    util-linux
  ];
  checkFlags = lib.optionals (!stdenv.hostPlatform.isLinux) [
    # It counts the files that are opened, with `strace`.
    "--skip=lint_cache::files_that_are_as_they_were_are_not_read_again"
  ];

  # The program prints them itself; it cannot where it is built for another machine.
  postInstall = lib.optionalString (stdenv.buildPlatform.canExecute stdenv.hostPlatform) ''
    installShellCompletion --cmd larder \
      --bash <($out/bin/larder completions bash) \
      --zsh <($out/bin/larder completions zsh) \
      --fish <($out/bin/larder completions fish) \
      --nushell <($out/bin/larder completions nushell)
    for page in $($out/bin/larder man --list); do
      $out/bin/larder man $page > $page
      installManPage $page
    done
  '';

  nativeInstallCheckInputs = [ versionCheckHook ];
  doInstallCheck = true;

  meta = {
    description = "Shares a private binary cache over SSH between the NixOS machines of one repository";
    license = with lib.licenses; [
      mit
      asl20
    ];
    mainProgram = "larder";
    platforms = lib.platforms.linux ++ lib.platforms.darwin;
  };
})

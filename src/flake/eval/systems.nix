# `lib.systems`: what a platform is, as far as its name says it.
{ lib, native }:
let
  inherit (lib)
    elemAt
    filter
    filterAttrs
    genAttrs
    hasPrefix
    hasSuffix
    length
    optionalString
    splitString
    ;

  cpu = bits: family: { inherit bits family; };
  cpus =
    genAttrs [ "i386" "i486" "i586" "i686" ] (_: cpu 32 "x86")
    // genAttrs [ "arm" "armv5tel" "armv6l" "armv6m" "armv7a" "armv7l" "armv7m" "armv7r" ] (_: cpu 32 "arm")
    // {
      x86_64 = cpu 64 "x86";
      aarch64 = cpu 64 "arm";
      aarch64_be = cpu 64 "arm";
      arc = cpu 32 "arc";
      javascript = cpu 32 "javascript";
      loongarch64 = cpu 64 "loongarch";
      m68k = cpu 32 "m68k";
      microblaze = cpu 32 "microblaze";
      mips = cpu 32 "mips";
      mips64 = cpu 64 "mips";
      mips64el = cpu 64 "mips";
      mipsel = cpu 32 "mips";
      powerpc = cpu 32 "power";
      powerpc64 = cpu 64 "power";
      powerpc64le = cpu 64 "power";
      riscv32 = cpu 32 "riscv";
      riscv64 = cpu 64 "riscv";
      s390 = cpu 32 "s390";
      s390x = cpu 64 "s390";
      sparc64 = cpu 64 "sparc";
      wasm32 = cpu 32 "wasm";
      wasm64 = cpu 64 "wasm";
    };
  bigEndian = [ "aarch64_be" "m68k" "microblaze" "mips" "mips64" "powerpc" "powerpc64" "s390" "s390x" "sparc64" ];

  # x86_64-linux, aarch64-linux-musl, aarch64-apple-darwin, x86_64-unknown-linux-gnu
  parse =
    text:
    let
      parts = splitString "-" text;
      at = elemAt parts;
      named =
        if length parts == 4 then
          {
            vendor = at 1;
            kernel = at 2;
            abi = at 3;
          }
        else if length parts == 3 && at 1 == "linux" then
          {
            kernel = at 1;
            abi = at 2;
          }
        else if length parts == 3 then
          {
            vendor = at 1;
            kernel = at 2;
          }
        else
          { kernel = at 1; };
      name = if at 0 == "arm64" then "aarch64" else at 0;
      kernel = if hasPrefix "darwin" named.kernel || named.kernel == "macos" then "darwin" else named.kernel;
      vendor = if kernel == "darwin" then "apple" else if kernel == "windows" then "w64" else "unknown";
      hard = builtins.elem name [ "armv6l" "armv7a" "armv7l" ];
      abi =
        if kernel != "linux" then
          "unknown"
        else if hard then
          "gnueabihf"
        else if (cpus.${name}.family or "") == "arm" && cpus.${name}.bits == 32 then
          "gnueabi"
        else if name == "powerpc64" || name == "mips64" || name == "mips64el" then
          (if name == "powerpc64" then "gnuabielfv2" else "gnuabi64")
        else
          "gnu";
    in
    {
      cpu = (cpus.${name} or (cpu 64 name)) // {
        inherit name;
        significantByte.name = if builtins.elem name bigEndian then "bigEndian" else "littleEndian";
      };
      kernel.name = kernel;
      vendor.name = named.vendor or vendor;
      abi.name = named.abi or abi;
    };

  elaborate =
    given:
    let
      args = if builtins.isAttrs given then given else { system = given; };
      parsed = args.parsed or (parse (args.config or args.system));
      name = parsed.cpu.name;
      inherit (parsed.cpu) family bits;
      kernel = parsed.kernel.name;
      abi = parsed.abi.name;
      bsd = builtins.elem kernel [ "freebsd" "netbsd" "openbsd" ];
      big = parsed.cpu.significantByte.name == "bigEndian";
      config = lib.concatStringsSep "-" (
        [
          (if kernel == "darwin" && name == "aarch64" then "arm64" else name)
          parsed.vendor.name
          kernel
        ]
        ++ lib.optional (abi != "unknown") abi
      );
    in
    # There is more to a platform than is said here.
    native.external
    // {
      inherit parsed config;
      system = "${name}-${kernel}";
      isx86 = family == "x86";
      isx86_32 = family == "x86" && bits == 32;
      isi686 = name == "i686";
      isx86_64 = name == "x86_64";
      isAarch = family == "arm";
      isAarch32 = family == "arm" && bits == 32;
      isAarch64 = family == "arm" && bits == 64;
      isArmv7 = hasPrefix "armv7" name;
      isLoongArch64 = family == "loongarch" && bits == 64;
      isM68k = family == "m68k";
      isMicroBlaze = family == "microblaze";
      isMips = family == "mips";
      isMips32 = family == "mips" && bits == 32;
      isMips64 = family == "mips" && bits == 64;
      isPower = family == "power";
      isPower64 = family == "power" && bits == 64;
      isRiscV = family == "riscv";
      isRiscV32 = family == "riscv" && bits == 32;
      isRiscV64 = family == "riscv" && bits == 64;
      isS390 = family == "s390";
      isS390x = name == "s390x";
      isSparc = family == "sparc";
      isSparc64 = family == "sparc" && bits == 64;
      isWasm = family == "wasm";
      isJavaScript = family == "javascript";
      is32bit = bits == 32;
      is64bit = bits == 64;
      isLittleEndian = !big;
      isBigEndian = big;
      isLinux = kernel == "linux";
      isDarwin = kernel == "darwin";
      isMacOS = kernel == "darwin";
      isiOS = false;
      isBSD = bsd;
      isFreeBSD = kernel == "freebsd";
      isNetBSD = kernel == "netbsd";
      isOpenBSD = kernel == "openbsd";
      isSunOS = kernel == "solaris";
      isRedox = kernel == "redox";
      isGenode = kernel == "genode";
      isWindows = kernel == "windows";
      isCygwin = kernel == "cygwin";
      isWasi = kernel == "wasi";
      isNone = kernel == "none";
      isGhcjs = kernel == "ghcjs";
      isUnix = bsd || builtins.elem kernel [ "linux" "darwin" "solaris" "cygwin" "redox" ];
      isMusl = hasPrefix "musl" abi;
      isGnu = hasPrefix "gnu" abi;
      isUClibc = hasPrefix "uclibc" abi;
      isAndroid = hasPrefix "android" abi;
      isStatic = args.isStatic or (kernel == "wasi" || kernel == "redox");
      linuxArch =
        {
          aarch64 = "arm64";
          x86_64 = "x86_64";
          riscv32 = "riscv";
          riscv64 = "riscv";
          loongarch64 = "loongarch";
        }
        .${name} or (
          if family == "arm" then
            "arm"
          else if family == "x86" then
            "i386"
          else if family == "power" then
            "powerpc"
          else if family == "mips" then
            "mips"
          else if family == "s390" then
            "s390"
          else
            name
        );
      darwinArch = if name == "aarch64" then "arm64" else name;
      uname.system =
        {
          linux = "Linux";
          darwin = "Darwin";
          freebsd = "FreeBSD";
          netbsd = "NetBSD";
          openbsd = "OpenBSD";
          windows = "Windows";
        }
        .${kernel} or null;
      uname.processor = if kernel == "darwin" && name == "aarch64" then "arm64" else name;
      uname.release = null;
    }
    // removeAttrs args [
      "parsed"
      "system"
      "config"
    ];

  flakeExposed = [
    "x86_64-linux"
    "aarch64-linux"
    "x86_64-darwin"
    "armv6l-linux"
    "armv7l-linux"
    "i686-linux"
    "aarch64-darwin"
    "powerpc64le-linux"
    "riscv64-linux"
    "x86_64-freebsd"
  ];

  of = kernel: map (name: "${name}-${kernel}");
  all =
    of "cygwin" [ "i686" "x86_64" ]
    ++ of "darwin" [ "x86_64" "aarch64" ]
    ++ of "freebsd" [ "i686" "x86_64" "aarch64" ]
    ++ of "genode" [ "aarch64" "i686" "x86_64" ]
    ++ of "solaris" [ "x86_64" ]
    ++ of "ghcjs" [ "javascript" ]
    ++ of "linux" [
      "aarch64"
      "arc"
      "armv5tel"
      "armv6l"
      "armv7a"
      "armv7l"
      "i686"
      "loongarch64"
      "m68k"
      "sh4"
      "microblaze"
      "microblazeel"
      "mips"
      "mips64"
      "mips64el"
      "mipsel"
      "powerpc"
      "powerpc64"
      "powerpc64le"
      "riscv32"
      "riscv64"
      "s390"
      "s390x"
      "x86_64"
    ]
    ++ of "mmixware" [ "mmix" ]
    ++ of "netbsd" [ "aarch64" "armv6l" "armv7a" "armv7l" "i686" "m68k" "mipsel" "powerpc" "riscv32" "riscv64" "x86_64" ]
    ++ of "none" [
      "aarch64_be"
      "aarch64"
      "arm"
      "armv6l"
      "avr"
      "i686"
      "microblaze"
      "microblazeel"
      "mips"
      "mips64"
      "msp430"
      "or1k"
      "m68k"
      "powerpc"
      "powerpcle"
      "riscv32"
      "riscv64"
      "rx"
      "s390"
      "s390x"
      "vc4"
      "x86_64"
    ]
    ++ of "openbsd" [ "i686" "x86_64" ]
    ++ of "redox" [ "x86_64" ]
    ++ of "wasi" [ "wasm64" "wasm32" ]
    ++ of "windows" [ "aarch64" "x86_64" "i686" ]
    ++ of "uefi" [ "aarch64" "x86_64" ];
  where = test: filter (system: test (elaborate system)) all;
  doubles = {
    inherit all;
    none = [ ];
    arm = where (platform: platform.isAarch32);
    armv7 = where (platform: platform.isArmv7);
    aarch = where (platform: platform.isAarch);
    aarch64 = where (platform: platform.isAarch64);
    x86 = where (platform: platform.isx86);
    i686 = where (platform: platform.isi686);
    x86_64 = where (platform: platform.isx86_64);
    power = where (platform: platform.isPower);
    riscv = where (platform: platform.isRiscV);
    riscv32 = where (platform: platform.isRiscV32);
    riscv64 = where (platform: platform.isRiscV64);
    linux = where (platform: platform.isLinux);
    darwin = where (platform: platform.isDarwin);
    freebsd = where (platform: platform.isFreeBSD);
    netbsd = where (platform: platform.isNetBSD);
    openbsd = where (platform: platform.isOpenBSD);
    unix = where (platform: platform.isUnix);
    windows = where (platform: platform.isWindows);
  };
in
{
  inherit doubles elaborate flakeExposed;
  equals = a: b: a.config == b.config;
  parse.mkSystemFromString = parse;
  parse.doubleFromSystem = parsed: "${parsed.cpu.name}-${parsed.kernel.name}";
  systemToAttrs = system: if builtins.isAttrs system then system else { inherit system; };
  inspect.predicates = builtins.mapAttrs (name: _: parsed: (elaborate { inherit parsed; }).${name}) (
    filterAttrs (name: _: hasPrefix "is" name) (elaborate "x86_64-linux")
  );
}

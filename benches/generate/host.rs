//! One host: its name, its keys, its module.

use base64ct::{Base64, Encoding};

/// Numbers that look thrown and are the same for the same seed.
pub(crate) struct Dice(u64);

/// What the machines are for.
const ROLES: &[&str] = &["web", "db", "build", "mail", "desk", "lab", "edge", "store"];

const PACKAGES: &[&str] = &[
    "bind",
    "borgbackup",
    "dnsutils",
    "ethtool",
    "file",
    "fio",
    "fzf",
    "gnumake",
    "inetutils",
    "iotop",
    "jq",
    "lsof",
    "ncdu",
    "nmap",
    "pciutils",
    "postgresql",
    "python3",
    "rclone",
    "ripgrep",
    "rsync",
    "smartmontools",
    "sqlite",
    "strace",
    "sysstat",
    "tcpdump",
    "tree",
    "unzip",
    "usbutils",
    "wget",
    "zstd",
];

/// The name of the host of this number: `web-00000`, `db-00001`.
pub(crate) fn name(number: usize) -> String {
    format!("{}-{number:05}", ROLES[number % ROLES.len()])
}

/// Its platform.
pub(crate) fn system(number: usize) -> &'static str {
    if number % 10 == 9 {
        "aarch64-linux"
    } else {
        "x86_64-linux"
    }
}

/// Its module, with larder's import if it has one.
pub(crate) fn module(number: usize, name: &str, import: Option<&str>, mistaken: bool) -> String {
    let mut dice = Dice::new(number);
    let mut text = include_str!("host.nix").to_owned();
    let import = import.map_or_else(String::new, |import| format!("\n    {import}"));
    let values = [
        ("    @import@", import.trim_start_matches('\n').to_owned()),
        ("@name@", name.to_owned()),
        ("@system@", system(number).to_owned()),
        ("@role@", ROLES[number % ROLES.len()].to_owned()),
        ("@root@", dice.uuid()),
        ("@boot@", dice.short_id()),
        ("@swap@", dice.uuid()),
        ("@hostId@", dice.hex(8)),
        ("@address@", address(number)),
        ("@packages@", packages(&mut dice)),
        ("@serial@", dice.hex(16)),
        ("@mistake@\n", mistake(mistaken).to_owned()),
    ];
    for (placeholder, value) in values {
        text = text.replace(placeholder, &value);
    }
    text
}

fn mistake(mistaken: bool) -> &'static str {
    if mistaken {
        "\n  nix.settings.substituters = lib.mkForce [ \"https://cache.nixos.org\" ];\n"
    } else {
        ""
    }
}

fn address(number: usize) -> String {
    format!(
        "10.{}.{}.{}",
        number / 62_500,
        number / 250 % 250,
        number % 250 + 2
    )
}

fn packages(dice: &mut Dice) -> String {
    let mut chosen: Vec<&str> = (0..8)
        .map(|_| PACKAGES[dice.below(PACKAGES.len())])
        .collect();
    chosen.sort_unstable();
    chosen.dedup();
    chosen.join("\n    ")
}

impl Dice {
    /// Dice of their own for every host.
    pub(crate) fn new(seed: usize) -> Self {
        Self(seed as u64 ^ 0x9e37_79b9_7f4a_7c15)
    }

    /// The next number (splitmix64).
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("it is below a usize")
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next().to_le_bytes()[0]).collect()
    }

    /// Bytes as base64.
    pub(crate) fn base64(&mut self, count: usize) -> String {
        Base64::encode_string(&self.bytes(count))
    }

    /// A public key that nobody has the private half of.
    pub(crate) fn ssh_key(&mut self) -> String {
        let mut blob = Vec::from(*b"\0\0\0\x0bssh-ed25519\0\0\0\x20");
        blob.extend(self.bytes(32));
        format!("ssh-ed25519 {}", Base64::encode_string(&blob))
    }

    fn hex(&mut self, digits: usize) -> String {
        let all = format!("{:016x}", self.next());
        all[..digits].to_owned()
    }

    fn short_id(&mut self) -> String {
        let digits = self.hex(8).to_uppercase();
        format!("{}-{}", &digits[..4], &digits[4..])
    }

    fn uuid(&mut self) -> String {
        let (a, b) = (self.hex(16), self.hex(16));
        format!(
            "{}-{}-{}-{}-{}",
            &a[..8],
            &a[8..12],
            &a[12..],
            &b[..4],
            &b[4..]
        )
    }
}

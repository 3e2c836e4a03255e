//! Public keys in the forms that users paste.

use super::authorized::AuthorizedKey;
use super::error::KeyError;
use super::public::{Algorithm, PublicKey};
use super::secret::might_be_private;
use super::signing::SigningPublicKey;
use super::split::{first_word, trim};

/// A public key of one of two kinds, told apart by the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PastedKey {
    /// An SSH key.
    Ssh(PublicKey),
    /// The public half of a Nix signing key.
    Signing(SigningPublicKey),
}

impl PastedKey {
    /// Reads a line of a `.pub` file, of `ssh-keyscan`, of `known_hosts` or of
    /// `authorized_keys`, or `NAME:BASE64`; or the whole text of such a file.
    ///
    /// Comment lines are ignored, and lines with a mark (`@cert-authority`) where another
    /// line has none. Of several keys of one machine, as `ssh-keyscan` prints
    /// them, the ed25519 key is used.
    ///
    /// # Errors
    /// When the text is no such key, or has several keys and it is not certain which one is
    /// meant.
    pub fn read(text: &str) -> Result<Self, KeyError> {
        if might_be_private(text) {
            return Err(KeyError::Private);
        }
        let lines = text.trim_start_matches(BYTE_ORDER_MARK).lines().map(trim);
        let lines: Vec<&str> = lines
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect();
        match lines.as_slice() {
            [] => Err(KeyError::Empty),
            [line] => of_wrapped(line),
            several => one_of(several).or_else(|why| joined(several).ok_or(why)),
        }
    }
}

/// How some editors begin a text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The key that a terminal or a mail has broken into lines, after its type or within.
fn joined(lines: &[&str]) -> Option<PastedKey> {
    let begins = |line: &&str| Algorithm::named(first_word(line).0).is_some();
    if lines.iter().filter(|line| begins(line)).count() != 1 || !begins(&lines[0]) {
        return None;
    }
    let mut joins = ["", " "].into_iter();
    joins.find_map(|join| of_line(&lines.join(join)).ok())
}

/// The key of a line, also with what a file has around it: `publicKey = "…";`, `"…",`.
fn of_wrapped(line: &str) -> Result<PastedKey, KeyError> {
    let why = match of_line(line) {
        Err(why @ (KeyError::Authority | KeyError::Revoked)) => return Err(why),
        Err(why) => why,
        key => return key,
    };
    let around = ['"', '\'', '`', '<', '>', ';', ','];
    let bare = line.trim_matches(around);
    let quoted = bare.rsplit('"').next().unwrap_or_default();
    if quoted == line {
        return Err(why);
    }
    of_line(trim(quoted)).map_err(|_| why)
}

impl TryFrom<PastedKey> for PublicKey {
    type Error = PastedKey;

    /// The other kind comes back.
    fn try_from(key: PastedKey) -> Result<Self, PastedKey> {
        match key {
            PastedKey::Ssh(key) => Ok(key),
            PastedKey::Signing(_) => Err(key),
        }
    }
}

impl TryFrom<PastedKey> for SigningPublicKey {
    type Error = PastedKey;

    /// The other kind comes back.
    fn try_from(key: PastedKey) -> Result<Self, PastedKey> {
        match key {
            PastedKey::Signing(key) => Ok(key),
            PastedKey::Ssh(_) => Err(key),
        }
    }
}

/// Words before a key that are no names of machines: options of `authorized_keys`.
const OPTIONS: &[&str] = &[
    "agent-forwarding",
    "cert-authority",
    "no-agent-forwarding",
    "no-port-forwarding",
    "no-pty",
    "no-touch-required",
    "no-user-rc",
    "no-x11-forwarding",
    "port-forwarding",
    "pty",
    "restrict",
    "user-rc",
    "verify-required",
    "x11-forwarding",
];

/// The machines that lines of `known_hosts` or of `ssh-keyscan` name, each once; a hashed
/// name says nothing.
pub fn names_before_keys(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for line in text.lines().map(trim) {
        let Ok(AuthorizedKey {
            options: Some(words),
            ..
        }) = line.parse()
        else {
            continue;
        };
        let is_name = |word: &&str| !word.contains(['=', '"', '|']) && !OPTIONS.contains(word);
        for name in words.split(',').filter(is_name) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    names
}

fn of_line(line: &str) -> Result<PastedKey, KeyError> {
    match first_word(line).0 {
        "@cert-authority" => return Err(KeyError::Authority),
        "@revoked" => return Err(KeyError::Revoked),
        _ => {}
    }
    match line.parse::<AuthorizedKey>() {
        Ok(line) if is_authority(&line) => Err(KeyError::Authority),
        Ok(line) => Ok(PastedKey::Ssh(line.key)),
        Err(KeyError::NoType) => of_base64(line).map_or_else(|| of_signing(line), Ok),
        Err(why) => Err(why),
    }
}

/// `authorized_keys` has an option for what `known_hosts` has a mark for.
fn is_authority(line: &AuthorizedKey) -> bool {
    let options = line.options.as_deref().unwrap_or_default();
    let mut options = options.split(',');
    options.any(|option| option.eq_ignore_ascii_case("cert-authority"))
}

/// The base64 of a key says its type too.
fn of_base64(line: &str) -> Option<PastedKey> {
    const TYPES: [&str; 3] = ["ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256"];
    let is_one_word = line.starts_with("AAAA") && first_word(line).1.is_empty();
    let mut types = TYPES.iter().filter(|_| is_one_word);
    types.find_map(|kind| format!("{kind} {line}").parse().ok().map(PastedKey::Ssh))
}

fn of_signing(line: &str) -> Result<PastedKey, KeyError> {
    match line.parse() {
        Ok(key) => Ok(PastedKey::Signing(key)),
        Err(KeyError::NoName) => Err(KeyError::NoType),
        Err(why) => Err(why),
    }
}

/// The key of several lines: the only one, or the ed25519 key if all lines are of one
/// machine.
fn one_of(lines: &[&str]) -> Result<PastedKey, KeyError> {
    let is_marked = |line: &&&str| line.starts_with('@');
    let plain: Vec<&str> = lines
        .iter()
        .filter(|line| !is_marked(line))
        .copied()
        .collect();
    match plain.as_slice() {
        [] => of_line(lines[0]),
        plain => refuse_revoked(one_of_plain(plain)?, lines),
    }
}

/// The key, unless another line says that it is revoked.
fn refuse_revoked(key: PastedKey, lines: &[&str]) -> Result<PastedKey, KeyError> {
    let revoked = lines
        .iter()
        .filter_map(|line| line.strip_prefix("@revoked"));
    let mut revoked = revoked.filter_map(|rest| of_line(trim(rest)).ok());
    if revoked.any(|one| one == key) {
        return Err(KeyError::Revoked);
    }
    Ok(key)
}

fn one_of_plain(lines: &[&str]) -> Result<PastedKey, KeyError> {
    let mut keys: Vec<PastedKey> = Vec::new();
    for line in lines {
        let key = of_line(line)?;
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    if keys.len() > 1 && is_of_one_machine(lines) {
        keys.retain(
            |key| matches!(key, PastedKey::Ssh(key) if key.algorithm() == Algorithm::Ed25519),
        );
    }
    match keys.pop() {
        Some(key) if keys.is_empty() => Ok(key),
        _ => Err(KeyError::Several),
    }
}

/// True if every line begins with the same host names.
fn is_of_one_machine(lines: &[&str]) -> bool {
    let names = |line: &&str| line.parse::<AuthorizedKey>().ok()?.options;
    let mut all = lines.iter().map(names);
    let first = all.next().flatten();
    first.is_some() && all.all(|names| names == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ED25519: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
    const OTHER: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKsIJNfnutLXo0jx2j5Ocxe83jK9K6BE/mREoLqvGGzh";
    const ECDSA: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHkbvE5eFNNHjEEomOWmOmM5WEiO7Fk4tyKhMlFAybZxvkpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";
    const SIGNING: &str = "kalaw-1:6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";

    #[track_caller]
    fn is_ed25519(text: &str) {
        assert_eq!(
            PastedKey::read(text),
            Ok(PastedKey::Ssh(ED25519.parse().unwrap())),
            "{text}"
        );
    }

    #[test]
    fn every_form_that_people_have_is_taken() {
        is_ed25519(ED25519);
        is_ed25519(&format!("{ED25519} root@kalaw\n"));
        is_ed25519(&format!("kalaw {ED25519}"));
        is_ed25519(&format!("kalaw.lan,[10.0.0.5]:2222 {ED25519}"));
        is_ed25519(&format!(
            "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= {ED25519}"
        ));
        is_ed25519(&format!("restrict,command=\"nix-store --serve\" {ED25519}"));
        is_ed25519(&format!(
            "# kalaw:22 SSH-2.0-OpenSSH_10.0\nkalaw {ED25519}\n"
        ));
        is_ed25519(&format!("kalaw {ECDSA}\nkalaw {ED25519}\n"));
        is_ed25519(&format!("{ED25519} a\n{ED25519} b\n"));
        is_ed25519(&format!("@cert-authority *.lan {OTHER}\nkalaw {ED25519}\n"));
        is_ed25519(&format!("kalaw {ED25519}\n@revoked * {OTHER}\n"));
        // As other files have it, and as terminals break it.
        for around in [
            "\"K\"",
            "'K'",
            "`K`",
            "K;",
            "\"K\",",
            "publicKey = \"K\";",
            "\u{feff}K",
        ] {
            is_ed25519(&around.replace('K', ED25519));
        }
        is_ed25519(&ED25519.replace(' ', "\n"));
        is_ed25519(&format!("{}\n{}", &ED25519[..50], &ED25519[50..]));
        is_ed25519(&ED25519["ssh-ed25519 ".len()..]);
        assert_eq!(
            PastedKey::read(SIGNING),
            Ok(PastedKey::Signing(SIGNING.parse().unwrap()))
        );
    }

    #[test]
    fn the_machines_of_several_lines_are_named() {
        let text = format!(
            "# kalaw:22\nkalaw,10.0.0.1 {ED25519}\nkalaw {ECDSA}\n[pai.lan]:2222 {OTHER}\n\
             |1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= {OTHER}\n\
             restrict,from=\"*.lan\" {OTHER}\n{ED25519} me\n"
        );
        assert_eq!(
            names_before_keys(&text),
            ["kalaw", "10.0.0.1", "[pai.lan]:2222"]
        );
    }

    #[track_caller]
    fn refused(text: &str, why: &KeyError) {
        assert_eq!(PastedKey::read(text).as_ref(), Err(why), "{text}");
    }

    #[test]
    fn what_is_no_key_of_one_machine_is_refused() {
        refused(" \n# nothing\n", &KeyError::Empty);
        refused(
            &format!("@cert-authority *.lan {ED25519}"),
            &KeyError::Authority,
        );
        refused(&format!("cert-authority {ED25519}"), &KeyError::Authority);
        refused(
            &format!("no-pty,cert-authority,principals=\"a b\" {ED25519}"),
            &KeyError::Authority,
        );
        refused(&format!("@revoked * {ED25519}"), &KeyError::Revoked);
        refused(
            &format!("kalaw {ED25519}\n@revoked * {ED25519}"),
            &KeyError::Revoked,
        );
        refused(&format!("{ED25519}\n{OTHER}"), &KeyError::Several);
        refused(&format!("kalaw {ED25519}\npai {OTHER}"), &KeyError::Several);
        refused(
            "-----BEGIN OPENSSH PRIVATE KEY-----\ncut off",
            &KeyError::Private,
        );
        refused("garbage", &KeyError::NoType);
        refused("kalaw-1:garbage", &KeyError::BadSigningKey);
    }
}

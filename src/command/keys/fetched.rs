//! The files of public keys on a machine, and what `head -v` prints of them.

use super::list;
use super::new_key::{KeyOfHost, NewKey};
use crate::command::Reply;
use crate::fleet::{
    Cache, Fleet, HOST_KEY_PUB, Host, Identity, KeyKind, Stage, public_file_beside,
};
use crate::key::{KeyError, PastedKey};
use crate::steps;

/// A public key that a machine has in a file, readable by everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyFile {
    kind: Kind,
    /// Its path on the machine.
    pub(super) path: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Host,
    Identity,
    Signing,
}

/// The files with the keys of a host that the fleet needs and lacks; with `known`, those as
/// well that it has. Only of keys that the machine makes itself: the others are wherever
/// somebody has put them. While a key changes, the new one is lacking until it is known.
pub(super) fn files(fleet: &Fleet, host: &Host, known: bool) -> Vec<KeyFile> {
    let mut files = Vec::new();
    if list::lacks_host_key(fleet, host) || known && list::needs_host_key(fleet, host) {
        files.push(KeyFile::of(Kind::Host, HOST_KEY_PUB.to_owned()));
    }
    if let Some(Identity::File {
        path,
        key,
        make: true,
        ..
    }) = list::own_identity(fleet, host)
        && (known || key.is_none())
    {
        files.push(KeyFile::of(Kind::Identity, format!("{path}.pub")));
    }
    let cache = fleet.caches.get(&host.name).filter(|cache| makes(cache));
    if let Some(cache) = cache
        && (known || cache.signing_key.known().is_none())
    {
        let path = public_file_beside(&cache.signing_key_path());
        files.push(KeyFile::of(Kind::Signing, path));
    }
    for rotation in fleet.rotations() {
        if rotation.name == host.name && rotation.stage == Stage::Pending {
            let path = steps::new_public_file(fleet, rotation.kind, &host.name);
            files.push(KeyFile::of(Kind::of(rotation.kind), path));
        }
    }
    files
}

impl Kind {
    fn of(kind: KeyKind) -> Self {
        match kind {
            KeyKind::Signing => Self::Signing,
            KeyKind::HostKey => Self::Host,
            KeyKind::Identity | KeyKind::SharedIdentity => Self::Identity,
        }
    }
}

fn makes(cache: &Cache) -> bool {
    cache.makes_signing_key() && !cache.is_adopted()
}

impl KeyFile {
    fn of(kind: Kind, path: String) -> Self {
        Self { kind, path }
    }

    /// The key in a line of the file.
    fn key(&self, line: &str) -> Result<NewKey, String> {
        let read = PastedKey::read(line);
        match (self.kind, read) {
            (Kind::Host, Ok(PastedKey::Ssh(key))) => Ok(NewKey::Host(key)),
            (Kind::Identity, Ok(PastedKey::Ssh(key))) => Ok(NewKey::Identity(key)),
            (Kind::Signing, Ok(PastedKey::Signing(key))) => Ok(NewKey::Signing(key)),
            (_, Err(KeyError::Private)) => Err(format!("`{}` is a private key", self.path)),
            _ => Err(format!("`{}` is no public key of that kind", self.path)),
        }
    }
}

/// The keys that a machine has in these files, and what is not there.
pub(super) fn keys(
    host: &Host,
    files: &[KeyFile],
    reply: Reply,
) -> (Vec<(KeyOfHost, String)>, Vec<String>) {
    let name = &host.name;
    let text = match reply {
        Ok(text) => text,
        Err(why) => return (Vec::new(), vec![format!("`{name}` cannot be asked: {why}")]),
    };
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for file in files {
        let key = match line_of(&text, &file.path) {
            Some(line) => file.key(line),
            None => Err(format!("`{}` is not there: {}", file.path, file.cure())),
        };
        match key {
            Ok(key) => found.push((
                KeyOfHost {
                    host: name.clone(),
                    key,
                },
                format!("`{}`", file.path),
            )),
            Err(why) => problems.push(format!("`{name}`: {why}")),
        }
    }
    (found, problems)
}

impl KeyFile {
    /// What brings the file about.
    fn cure(&self) -> &'static str {
        match self.kind {
            Kind::Host => "does sshd run there?",
            Kind::Identity | Kind::Signing => "the machine makes it when it is switched",
        }
    }
}

/// The first line of a file, as `head -v` prints it below the file's name.
fn line_of<'t>(text: &'t str, path: &str) -> Option<&'t str> {
    let heading = format!("==> {path} <==");
    let mut lines = text.lines().skip_while(|line| *line != heading).skip(1);
    lines.next().filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNING: &str = "kalaw-1:6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";

    fn file() -> KeyFile {
        KeyFile::of(Kind::Signing, "/var/lib/larder/kalaw-1.public".to_owned())
    }

    #[track_caller]
    fn read(text: &str) -> (usize, String) {
        let host = Host::named("kalaw".parse().unwrap());
        let (found, problems) = keys(&host, &[file()], Ok(text.to_owned()));
        (found.len(), problems.concat())
    }

    #[test]
    fn a_line_below_its_heading_is_the_key() {
        let text = format!(
            "welcome\n==> /etc/x <==\na\n\n==> {} <==\n{SIGNING}\n",
            file().path
        );
        assert_eq!(read(&text), (1, String::new()));
    }

    #[test]
    fn what_is_missing_or_no_key_is_said_and_a_secret_is_not_repeated() {
        assert!(read("").1.contains("makes it when it is switched"));
        let secret = "kalaw-1:".to_owned() + &"A".repeat(86) + "==";
        let text = format!("==> {} <==\n{secret}\n", file().path);
        let (found, problem) = read(&text);
        assert_eq!(found, 0);
        assert!(
            problem.contains("a private key") && !problem.contains("AAAA"),
            "{problem}"
        );
        let text = format!("==> {} <==\nnonsense\n", file().path);
        assert!(read(&text).1.contains("is no public key of that kind"));
    }
}

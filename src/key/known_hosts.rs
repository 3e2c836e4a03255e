//! One line of `known_hosts`: which key a host proves itself with.

use std::str::FromStr;

use super::error::KeyError;
use super::public::{PublicKey, one_line};
use super::split::first_word;

/// What the line says about its key (sshd(8), "`SSH_KNOWN_HOSTS` FILE FORMAT").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownHostsMarker {
    /// `@cert-authority`: the key signs the certificates of these hosts.
    CertAuthority,
    /// `@revoked`: the key is never to be accepted.
    Revoked,
}

/// One line of `known_hosts` (`[MARKER] HOSTS TYPE BASE64 [COMMENT]`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownHost {
    /// The marker, where the line has one.
    pub marker: Option<KnownHostsMarker>,
    /// The names as written: `kalaw`, `[kalaw]:2222`, `*.lan`, `!bad.lan`, or one
    /// hashed `|1|SALT|HASH`.
    pub hosts: Vec<String>,
    /// The key.
    pub key: PublicKey,
}

impl KnownHost {
    /// True if the line hides its names behind a hash.
    pub fn is_hashed(&self) -> bool {
        self.hosts.iter().any(|host| host.starts_with("|1|"))
    }

    /// True if the line names this host and port literally; patterns and hashes
    /// are not tried.
    pub fn names(&self, host: &str, port: u16) -> bool {
        let written = written_form(host, port);
        self.hosts
            .iter()
            .any(|one| one.eq_ignore_ascii_case(&written))
    }
}

impl FromStr for KnownHost {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let line = one_line(text)?;
        let (marker, line) = marker(line)?;
        let (hosts, key) = first_word(line);
        if hosts.is_empty() || key.is_empty() {
            return Err(KeyError::NoHosts);
        }
        Ok(Self {
            marker,
            hosts: hosts.split(',').map(str::to_owned).collect(),
            key: key.parse()?,
        })
    }
}

/// `host` for port 22, `[host]:port` otherwise: the only form that matches.
fn written_form(host: &str, port: u16) -> String {
    if port == 22 {
        host.to_owned()
    } else {
        format!("[{host}]:{port}")
    }
}

fn marker(line: &str) -> Result<(Option<KnownHostsMarker>, &str), KeyError> {
    if !line.starts_with('@') {
        return Ok((None, line));
    }
    let (word, rest) = first_word(line);
    let marker = match word {
        "@cert-authority" => KnownHostsMarker::CertAuthority,
        "@revoked" => KnownHostsMarker::Revoked,
        _ => return Err(KeyError::UnknownMarker),
    };
    Ok((Some(marker), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";

    #[test]
    fn a_port_stands_behind_brackets() {
        let line: KnownHost = format!("kalaw,[kalaw.lan]:2222 {KEY}").parse().unwrap();
        assert!(line.names("kalaw", 22) && line.names("KALAW.lan", 2222));
        assert!(!line.names("kalaw", 2222) && !line.names("kalaw.lan", 22));
        assert_eq!((line.marker, line.is_hashed()), (None, false));
    }

    #[test]
    fn markers_are_known() {
        let authority: KnownHost = format!("@cert-authority *.lan {KEY} ca").parse().unwrap();
        assert_eq!(authority.marker, Some(KnownHostsMarker::CertAuthority));
        let other = format!("@trusted *.lan {KEY}").parse::<KnownHost>();
        assert_eq!(other, Err(KeyError::UnknownMarker));
    }

    #[test]
    fn a_key_alone_names_no_host() {
        assert_eq!("kalaw".parse::<KnownHost>(), Err(KeyError::NoHosts));
        // The type is taken for the host, and then there is no type.
        assert_eq!(KEY.parse::<KnownHost>(), Err(KeyError::NoType));
    }
}

//! A host key as the command line gives it.

use std::str::FromStr;

use crate::fleet::{HostName, NameError};

/// `HOST=KEY` or `HOST=FILE` of the command line.
#[derive(Debug, Clone)]
pub(super) struct HostKeyArg {
    pub(super) host: HostName,
    pub(super) key: String,
}

impl FromStr for HostKeyArg {
    type Err = String;

    fn from_str(said: &str) -> Result<Self, String> {
        let (host, key) = said
            .split_once('=')
            .ok_or("write it as HOST=KEY or HOST=FILE")?;
        let host = host.parse().map_err(|e: NameError| e.to_string())?;
        let key = key.to_owned();
        Ok(Self { host, key })
    }
}

//! The half as a module for nix-darwin.

use super::{DIR, ExportedFile, ExportedHost};
use crate::diagnostic::Diagnostic;
use crate::nix::Literal;
use crate::nix::template::{self, Value};

const DARWIN: &str = include_str!("../../../templates/export/darwin.nix");

impl ExportedHost {
    /// The module.
    ///
    /// # Errors
    /// When a value of the inventory cannot be written as Nix.
    pub fn darwin_module(&self) -> Result<String, Diagnostic> {
        let connect = self.files.iter().find(|file| name(file) == "connect");
        let connect = connect.map_or("", |file| file.text.as_str());
        // nix-darwin has options for what is in nix.conf, and a folder for the rest.
        let files = self.files.iter();
        let files = files.filter(|file| !["connect", "nix.conf"].contains(&name(file)));
        let files: Vec<(String, Literal)> = files
            .map(|file| (format!("larder/{}", name(file)), Literal::text(&file.text)))
            .collect();
        let files = files
            .iter()
            .map(|(name, text)| (name.as_str(), text.clone()));
        let netrc_file = self.netrc_file.as_ref();
        let netrc_file = netrc_file.map_or_else(
            || Literal::reference(&["null"]),
            |file| Literal::string(file),
        );
        let values = [
            ("name", Value::String(self.host.to_string())),
            ("substituters", Value::strings(&self.substituters)),
            ("trustedKeys", Value::strings(&self.trusted_public_keys)),
            ("netrcFile", Value::Raw(netrc_file)),
            ("made", Value::strings(&self.makes)),
            ("connect", Value::Raw(Literal::text(connect))),
            ("files", Value::Raw(Literal::set(files))),
        ];
        template::render(DARWIN, &values).map_err(|error| {
            let message = format!("cannot write the module of `{}`: {error}", self.host);
            Diagnostic::error("unwritable-value", message).about(self.host.to_string())
        })
    }
}

fn name(file: &ExportedFile) -> &str {
    let inside = file.path.strip_prefix(DIR).unwrap_or(&file.path);
    inside.trim_start_matches('/')
}

//! The client does not believe the certificate of a cache over https, or is not believed.
//!
//! ## What it looks like
//! `SSL peer certificate … was not OK`, `SSL certificate problem`: it has expired, it is of
//! another name, its authority is not known to the client, or a proxy puts its own there. A
//! client certificate in the URL (`tls-certificate=`) may have expired as well.
//!
//! ## What to do
//! Renew it, or give the client the authority: `security.pki.certificateFiles`. The clock of
//! either machine may be wrong, too.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Greeting,
    check,
};

const WORDS: [&str; 4] = ["SSL ", "SSL:", "certificate", "TLS"];

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let client = &evidence.client.name;
    let line = evidence.web_says(&WORDS)?;
    let host = evidence.web?.authority();
    Some(
        Symptom::new(format!("`{client}` and `{}` do not agree on a certificate", evidence.cache_name()))
            .seen(client, line)
            .cure(format!("openssl s_client -connect {host} </dev/null    # on {client}: whose it is, and until when"))
            .cure("security.pki.certificateFiles = [ … ];    # for an authority of your own"),
    )
}

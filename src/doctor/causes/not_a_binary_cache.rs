//! What answers at a URL is no binary cache for this store.
//!
//! ## What it looks like
//! `does not appear to be a binary cache`, or nothing but builds. There is no `nix-cache-info`
//! at the URL: the address or its path is wrong, or a captive portal answers. A cache of
//! another store folder than `/nix/store` is none either.
//!
//! ## What to do
//! Write the URL as the cache's own documentation has it, with its path:
//! `https://HOST/PATH/nix-cache-info` has a line `StoreDir: /nix/store`.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Greeting,
    check,
};

const WORDS: [&str; 4] = ["HTTP error 404", "HTTP error 410", "HTTP error 3", "prefix"];

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, web) = (&evidence.client.name, evidence.web?);
    let info = web.info.as_ref()?;
    let symptom = Symptom::new(format!("`{}` is no binary cache", web.name()))
        .cure(format!("curl -L {}/nix-cache-info    # on {client}: what answers there", web.base()));
    if info.is_success() {
        let store = info.output.iter().find(|line| line.starts_with("StoreDir:"));
        let is_ours = store.is_some_and(|line| line.trim_end().ends_with(" /nix/store"));
        let first = store.map_or(info.first().unwrap_or("nothing"), String::as_str);
        return (!is_ours).then(|| symptom.seen(client, format!("nix-cache-info: {first}")));
    }
    // Nix itself may have a certificate for it.
    if web.answers() {
        return None;
    }
    Some(symptom.seen(client, info.error_with(&WORDS)?))
}

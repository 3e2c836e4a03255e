//! The parts of a cache's wiring, as a machine's files have them.

use std::iter;

use crate::fleet::known_host_name;
use crate::key::PublicKey;
use crate::survey::hit::{Hit, Spot, Word};
use crate::survey::line::line_of;
use crate::survey::machine::Machine;
use crate::survey::nix_conf;
use crate::survey::ssh_config::{Block, blocks};
use crate::survey::store_url::StoreUrl;
use crate::survey::value::Value;
use crate::text::TextEdit;

/// A store that the machine asks for paths.
#[derive(Debug, Clone)]
pub struct Substituter {
    /// The URL and where it stands.
    pub word: Word,
    /// The URL taken apart, if the store is reached over ssh.
    pub store: Option<StoreUrl>,
}

/// A block of the machine's `ssh_config` and the definition that it stands in.
#[derive(Debug, Clone)]
pub struct SshBlock {
    /// The block.
    pub block: Block,
    hit: Hit,
}

/// A host key that the machine expects.
#[derive(Debug, Clone)]
pub struct Pin {
    /// The names as written: `kalaw`, `[kalaw]:2222`.
    pub names: Vec<String>,
    /// The key; `None`: not written as text that can be read, or that of an authority,
    /// which signs the keys of hosts and is none of them.
    pub key: Option<PublicKey>,
    /// The attribute's name under `programs.ssh.knownHosts`.
    pub attr: String,
    /// Where the pin begins.
    pub spot: Spot,
    /// `certAuthority` is set, and not certainly to false.
    may_be_authority: bool,
}

impl Machine {
    /// Every substituter that is not lost for sure, in the order of the files.
    pub fn substituters(&self) -> Vec<Substituter> {
        let words = self.nix_words("nix.settings.substituters").into_iter();
        words
            .map(|word| Substituter {
                store: StoreUrl::parse(&word.text),
                word,
            })
            .collect()
    }

    /// The keys with which paths may be signed.
    pub fn trusted_keys(&self) -> Vec<Word> {
        self.nix_words("nix.settings.trusted-public-keys")
    }

    /// The words of a setting of nix.conf, an option such as `nix.settings.trusted-users`:
    /// also under its old name, under `extra-NAME`, and in `nix.extraOptions`.
    pub fn nix_words(&self, option: &str) -> Vec<Word> {
        let name = nix_conf::setting(option);
        let extra = format!("extra-{name}");
        let mut written = self.words(option);
        if let Some(old) = nix_conf::old_name(name) {
            written.extend(self.words(old));
        }
        written.extend(self.words(&format!("nix.settings.{extra}")));
        // The items become one line of words: an item with a blank is two.
        let mut words: Vec<Word> = written.iter().flat_map(Word::split).collect();
        let lines = self.nix_conf().into_iter();
        for line in lines.filter(|line| line.name == name || line.name == extra) {
            words.extend(line.words());
        }
        words
    }

    /// The boolean of nix.conf that wins, and where it stands; `option` as for
    /// [`Machine::nix_words`].
    pub fn nix_flag(&self, option: &str) -> Option<(bool, Spot)> {
        let name = nix_conf::setting(option);
        let former = nix_conf::former_names(name);
        let lines = self.nix_conf().into_iter();
        let told = lines.filter(|line| line.name == name || former.contains(&&*line.name));
        let in_text = told.last();
        let in_text = in_text.and_then(|line| Some((nix_conf::flag(&line.value)?, line.spot)));
        // The text stands behind the settings in nix.conf: its word is the last.
        in_text.or_else(|| {
            let former = former.iter().map(|name| format!("nix.settings.{name}"));
            let mut options = iter::once(option.to_owned()).chain(former);
            options.find_map(|option| self.flag_of(&option))
        })
    }

    /// The boolean that wins, which Nix takes as a word as well.
    fn flag_of(&self, option: &str) -> Option<(bool, Spot)> {
        let flag = |hit: &Hit| match &hit.value {
            Value::Number(number) => nix_conf::flag(&number.to_string()),
            value => value.bool().or_else(|| nix_conf::flag(value.text()?)),
        };
        let told = self.all(option).into_iter();
        let told = told.filter_map(|hit| Some((flag(&hit)?, hit)));
        let wins = told.max_by_key(|(_, hit)| (hit.strength, !hit.is_conditional()));
        wins.map(|(flag, hit)| (flag, hit.spot))
    }

    /// True if Nix is told of a key to sign with.
    pub fn names_signing_key(&self) -> bool {
        let mut in_text = self.nix_conf().into_iter();
        self.says("nix.settings.secret-key-files")
            || in_text.any(|line| line.name == "secret-key-files")
    }

    /// The lines of `nix.extraOptions`.
    pub fn nix_conf(&self) -> Vec<nix_conf::Line> {
        let texts = self.nix_texts().into_iter();
        texts.flat_map(|(_, lines)| lines).collect()
    }

    /// Each definition of `nix.extraOptions` and its lines.
    pub fn nix_texts(&self) -> Vec<(Hit, Vec<nix_conf::Line>)> {
        let all = self.all("nix.extraOptions").into_iter();
        let with_lines = |hit| {
            let lines = nix_conf::lines(&hit);
            (hit, lines)
        };
        all.map(with_lines).collect()
    }

    /// The blocks of every `programs.ssh.extraConfig`.
    pub fn ssh_blocks(&self) -> Vec<SshBlock> {
        self.ssh_texts().into_iter().flatten().collect()
    }

    /// The blocks of `programs.ssh.extraConfig`, definition by definition; first those that
    /// `mkBefore` and `mkOrder` put first.
    pub fn ssh_texts(&self) -> Vec<Vec<SshBlock>> {
        let mut all = self.all("programs.ssh.extraConfig");
        all.sort_by_key(|hit| hit.order);
        all.into_iter()
            .map(|hit| {
                let Value::Text(text) = &hit.value else {
                    return Vec::new();
                };
                let with_hit = |block| SshBlock {
                    block,
                    hit: hit.clone(),
                };
                blocks(&text.text).into_iter().map(with_hit).collect()
            })
            .collect()
    }

    /// The pins of `programs.ssh.knownHosts`.
    pub fn pins(&self) -> Vec<Pin> {
        let hits = self.below("programs.ssh.knownHosts");
        let mut pins: Vec<Pin> = Vec::new();
        for (names, hit) in &hits {
            let [attr, field] = names.as_slice() else {
                continue;
            };
            let at = pins.iter().position(|pin| pin.attr == *attr);
            let at = at.unwrap_or_else(|| {
                pins.push(Pin::new(attr, hit));
                pins.len() - 1
            });
            pins[at].add(field, hit);
        }
        for pin in pins.iter_mut().filter(|pin| pin.may_be_authority) {
            pin.key = None;
        }
        pins
    }
}

impl SshBlock {
    /// The definition that it stands in.
    pub fn hit(&self) -> &Hit {
        &self.hit
    }

    /// Where a line of the text stands in the file; the whole text where that
    /// cannot be told.
    pub fn spot(&self, line: usize) -> Spot {
        line_of(&self.hit, line)
    }

    /// Puts a line into the block, below its header and as its other lines are
    /// indented; `None` where they do not stand on lines of their own.
    pub fn new_line(&self, text: &str) -> Option<TextEdit> {
        let first = self.block.directives.first()?;
        self.insert_below(self.block.line, first.line, text)
    }

    /// Puts a line behind the block, indented as its header is.
    pub fn line_behind(&self, text: &str) -> Option<TextEdit> {
        let last = self.block.directives.last()?;
        self.insert_below(last.line, self.block.line, text)
    }

    fn insert_below(&self, above: usize, like: usize, text: &str) -> Option<TextEdit> {
        let (above, like) = (self.spot(above), self.spot(like));
        let source = &like.source().text;
        let start = source.get(..like.range.start)?.rfind('\n')? + 1;
        let indentation = &source[start..like.range.start];
        if above == like || !indentation.trim().is_empty() {
            return None;
        }
        let end = above.range.end + source.get(above.range.end..)?.find('\n')?;
        Some(TextEdit::insert(end, format!("\n{indentation}{text}")))
    }
}

impl Pin {
    fn new(attr: &str, hit: &Hit) -> Self {
        Self {
            names: vec![attr.to_owned()],
            key: None,
            attr: attr.to_owned(),
            spot: hit.spot.clone(),
            may_be_authority: false,
        }
    }

    fn add(&mut self, field: &str, hit: &Hit) {
        match (field, &hit.value) {
            ("publicKey" | "publicKeyFile", Value::Text(text)) => {
                self.key = text.whole().and_then(|text| text.parse().ok());
                self.spot = hit.spot.clone();
            }
            ("certAuthority", value) => self.may_be_authority = value.bool() != Some(false),
            ("hostNames", Value::List(list)) => {
                let names = list.items.iter().filter_map(|item| item.value.text());
                self.names = names.map(str::to_owned).collect();
            }
            ("extraHostNames", Value::List(list)) => {
                let names = list.items.iter().filter_map(|item| item.value.text());
                self.names.extend(names.map(str::to_owned));
            }
            _ => {}
        }
    }

    /// True if it is for this host and port, in the only form that ssh looks for.
    pub fn is_for(&self, host: &str, port: u16) -> bool {
        let written = known_host_name(host, port);
        self.names
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&written))
    }
}

//! sshd's own text on a cache (`services.openssh.extraConfig`), as sshd reads it for a login
//! as the user of its clients (`sshd_config(5)`).

use wildmatch::WildMatch;

use crate::survey::ssh_config::{Block, Criteria, Directive, blocks};
use crate::survey::{Hit, Machine, Spot, Value, line_of};

const EXTRA: &str = "services.openssh.extraConfig";

/// The lines of the text that are for the user of the clients, or may be.
pub(super) struct SshdText {
    user: &'static str,
    lines: Vec<SshdLine>,
    /// A part of the text is computed.
    is_open: bool,
}

/// One line.
pub(super) struct SshdLine {
    directive: Directive,
    reach: Reach,
    /// Where a file has it.
    spot: Option<Spot>,
}

/// Whom a line is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Everybody, unless a block says otherwise.
    Everybody,
    /// Those of a block that the user belongs to.
    Block,
    /// Those of a block to which the user may belong: it asks for more than the name.
    MayBe,
}

impl SshdText {
    /// That of a text.
    pub(super) fn of(text: &str, user: &'static str) -> Self {
        let mut whole = Self::empty(user);
        whole.add(text, |_| None);
        whole
    }

    /// What the files of a machine say.
    pub(super) fn of_machine(machine: &Machine, user: &'static str) -> Self {
        let mut whole = Self {
            is_open: machine.is_hidden(EXTRA),
            ..Self::empty(user)
        };
        for hit in machine.all(EXTRA) {
            whole.add_hit(&hit);
        }
        whole
    }

    fn empty(user: &'static str) -> Self {
        Self {
            user,
            lines: Vec::new(),
            is_open: false,
        }
    }

    fn add_hit(&mut self, hit: &Hit) {
        let text = match &hit.value {
            Value::Text(text) => text.whole(),
            _ => None,
        };
        match text {
            Some(text) => self.add(text, |line| Some(line_of(hit, line))),
            None => self.is_open = true,
        }
    }

    fn add(&mut self, text: &str, spot: impl Fn(usize) -> Option<Spot>) {
        let user = self.user;
        let for_it = blocks(text)
            .into_iter()
            .filter_map(|block| Some((reach(&block, user)?, block)));
        for (reach, block) in for_it {
            let lines = block.directives.into_iter();
            self.lines.extend(lines.map(|directive| SshdLine {
                spot: spot(directive.line),
                directive,
                reach,
            }));
        }
    }

    /// True if a line that is not known may decide about a keyword (lower case).
    pub(super) fn is_open(&self, keyword: &str) -> bool {
        self.is_open || !self.of_reach(keyword, Reach::MayBe).is_empty()
    }

    /// The line of a block that decides for the user, whatever stands outside of blocks: the
    /// first one.
    pub(super) fn of_block(&self, keyword: &str) -> Option<&SshdLine> {
        self.of_reach(keyword, Reach::Block).first().copied()
    }

    /// The first line outside of blocks.
    pub(super) fn of_everybody(&self, keyword: &str) -> Option<&SshdLine> {
        self.of_reach(keyword, Reach::Everybody).first().copied()
    }

    /// The lines of a keyword that is a list: those of blocks, which replace all others, or
    /// those outside, which add to the settings of the module.
    pub(super) fn list(&self, keyword: &str) -> SshdList<'_> {
        let of_block = self.of_reach(keyword, Reach::Block);
        let replaces = !of_block.is_empty();
        let lines = if replaces {
            of_block
        } else {
            self.of_reach(keyword, Reach::Everybody)
        };
        SshdList { lines, replaces }
    }

    fn of_reach(&self, keyword: &str, reach: Reach) -> Vec<&SshdLine> {
        let is_it = |line: &&SshdLine| line.reach == reach && line.directive.keyword == keyword;
        self.lines.iter().filter(is_it).collect()
    }
}

/// The lines of one list.
pub(super) struct SshdList<'t> {
    /// In their order.
    pub(super) lines: Vec<&'t SshdLine>,
    /// What the module's settings have of it does not count.
    pub(super) replaces: bool,
}

impl SshdLine {
    /// Its arguments.
    pub(super) fn arguments(&self) -> &[String] {
        &self.directive.arguments
    }

    /// Where a file has it; `None`: Nix told the text.
    pub(super) fn spot(&self) -> Option<&Spot> {
        self.spot.as_ref()
    }
}

/// `None`: the block is not for the user.
fn reach(block: &Block, user: &str) -> Option<Reach> {
    let criteria = match &block.criteria {
        Criteria::Begin => return Some(Reach::Everybody),
        // `Host` is no keyword of sshd's.
        Criteria::Host(_) => return None,
        Criteria::Match(criteria) => criteria,
    };
    if block.is_for_all() {
        return Some(Reach::Block);
    }
    let answers = criteria
        .iter()
        .map(|(keyword, value)| holds(keyword, value, user));
    let answers: Vec<Option<bool>> = answers.collect();
    if answers.contains(&Some(false)) {
        return None;
    }
    let is_known = answers.iter().all(Option::is_some);
    Some(if is_known { Reach::Block } else { Reach::MayBe })
}

/// Whether a criterion holds for the user; `None`: it asks for more than the user.
fn holds(keyword: &str, value: &str, user: &str) -> Option<bool> {
    let matches = |pattern: &str| WildMatch::new(pattern).matches(user);
    let mut patterns = value.split(',');
    match keyword {
        "all" => Some(true),
        "user" => {
            let (excluded, included): (Vec<&str>, Vec<&str>) =
                patterns.partition(|pattern| pattern.starts_with('!'));
            let is_excluded = excluded.iter().any(|pattern| matches(&pattern[1..]));
            Some(!is_excluded && included.iter().any(|pattern| matches(pattern)))
        }
        // NixOS gives the user a group of its name, and may give it others.
        "group" if patterns.any(matches) => Some(true),
        "invalid-user" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn value(text: &str) -> Option<String> {
        let text = SshdText::of(text, "nix-ssh");
        let line = text.of_block("pubkeyauthentication");
        line.map(|line| line.arguments().join(" "))
    }

    #[test]
    fn a_block_is_for_its_users() {
        for header in ["User nix-ssh", "user root,nix-*", "all", "Group nix-ssh"] {
            let text = format!("Match {header}\n  PubkeyAuthentication no\n");
            assert_eq!(value(&text).as_deref(), Some("no"), "{header}");
        }
        for header in ["User root", "User *,!nix-ssh", "Invalid-User"] {
            let text = format!("Match {header}\n  PubkeyAuthentication no\n");
            assert_eq!(value(&text), None, "{header}");
            assert!(
                !SshdText::of(&text, "nix-ssh").is_open("pubkeyauthentication"),
                "{header}"
            );
        }
    }

    #[test]
    fn what_depends_on_the_address_is_open() {
        for header in [
            "Address 10.0.0.0/8",
            "Group admins",
            "User nix-ssh LocalPort 22",
        ] {
            let text = format!("Match {header}\n  PubkeyAuthentication no\n");
            assert_eq!(value(&text), None, "{header}");
            assert!(
                SshdText::of(&text, "nix-ssh").is_open("pubkeyauthentication"),
                "{header}"
            );
        }
    }

    #[test]
    fn lists_of_a_block_replace_those_outside() {
        let text = SshdText::of(
            "AllowUsers a b\nAllowUsers c\nMatch User nix-ssh\nAllowUsers d\n",
            "nix-ssh",
        );
        let words = |list: SshdList<'_>| {
            let words = list.lines.iter().flat_map(|line| line.arguments());
            words.cloned().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(words(text.list("allowusers")), "d");
        assert!(text.list("allowusers").replaces);
        let text = SshdText::of(
            "AllowUsers a b\nAllowUsers c\nMatch User root\nAllowUsers d\n",
            "nix-ssh",
        );
        assert_eq!(words(text.list("allowusers")), "a b c");
        assert!(!text.list("allowusers").replaces);
    }
}

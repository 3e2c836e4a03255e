//! `ssh_config` text as blocks, as far as larder asks about it (`man 5 ssh_config`).
//!
//! Absent on purpose: expansion of tokens, `Include`, and running `Match exec`;
//! what depends on them is "unknown", here `None`.

use wildmatch::WildMatch;

/// One `Host` or `Match` with the lines below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Whom it is for.
    pub criteria: Criteria,
    /// The line of its header in the text, from 0; of the text's begin for the
    /// lines before the first header.
    pub line: usize,
    /// What it says, in order.
    pub directives: Vec<Directive>,
}

/// Whom a block is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Criteria {
    /// Lines before the first `Host` or `Match`: everyone, or the block that
    /// another module has left open.
    Begin,
    /// `Host PATTERN…`
    Host(Vec<String>),
    /// `Match KEYWORD ARGUMENT…`, keywords in lower case; `all` has no argument.
    Match(Vec<(String, String)>),
}

/// One line of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// The keyword in lower case.
    pub keyword: String,
    /// Its arguments, unquoted.
    pub arguments: Vec<String>,
    /// The line in the text, from 0.
    pub line: usize,
}

/// Reads the text; every line lands in a block, whatever it says.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = vec![Block {
        criteria: Criteria::Begin,
        line: 0,
        directives: Vec::new(),
    }];
    for (line, text) in text.lines().enumerate() {
        let Some(directive) = directive(text, line) else {
            continue;
        };
        match criteria(&directive) {
            Some(criteria) => blocks.push(Block {
                criteria,
                line,
                directives: Vec::new(),
            }),
            None => {
                if let Some(block) = blocks.last_mut() {
                    block.directives.push(directive);
                }
            }
        }
    }
    blocks
}

impl Block {
    /// Whether it is for this user's connection to this host, by the name that
    /// is asked for; `None`: depends on more than that.
    pub fn is_for(&self, host: &str, user: &str) -> Option<bool> {
        self.is_for_renamed(host, host, user)
    }

    /// As [`Block::is_for`], where a `HostName` before it has made another name
    /// of the host: `Match host` looks at that one, `Host` does not.
    pub fn is_for_renamed(&self, asked: &str, host: &str, user: &str) -> Option<bool> {
        match &self.criteria {
            Criteria::Begin => Some(true),
            Criteria::Host(patterns) => Some(matches_any(patterns, asked, WildMatch::new)),
            Criteria::Match(all) => all
                .iter()
                .map(|(keyword, argument)| {
                    let host = if keyword.ends_with("originalhost") {
                        asked
                    } else {
                        host
                    };
                    criterion(keyword, argument, host, user)
                })
                .fold(Some(true), and),
        }
    }

    /// The first value of a keyword (lower case): the one that counts.
    pub fn first(&self, keyword: &str) -> Option<&Directive> {
        self.directives.iter().find(|d| d.keyword == keyword)
    }

    /// True if it has a header that names hosts or users.
    pub fn is_for_some(&self) -> bool {
        self.criteria != Criteria::Begin && !self.is_for_all()
    }

    /// True if it ends what stood before it: `Match all` or `Host *`.
    pub fn is_for_all(&self) -> bool {
        match &self.criteria {
            Criteria::Begin => false,
            Criteria::Host(patterns) => patterns.iter().any(|p| p == "*") && patterns.len() == 1,
            Criteria::Match(all) => matches!(all.as_slice(), [(keyword, _)] if keyword == "all"),
        }
    }
}

impl Directive {
    /// The first argument, or nothing.
    pub fn value(&self) -> &str {
        self.arguments.first().map_or("", String::as_str)
    }
}

fn directive(text: &str, line: usize) -> Option<Directive> {
    let text = text.trim();
    if text.is_empty() || text.starts_with('#') {
        return None;
    }
    let end = text.find(|c: char| c.is_whitespace() || c == '=');
    let (keyword, rest) = text.split_at(end.unwrap_or(text.len()));
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('=').unwrap_or(rest);
    Some(Directive {
        keyword: keyword.to_ascii_lowercase(),
        arguments: words(rest),
        line,
    })
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}

fn criteria(directive: &Directive) -> Option<Criteria> {
    match directive.keyword.as_str() {
        "host" => Some(Criteria::Host(directive.arguments.clone())),
        "match" => Some(Criteria::Match(pairs(&directive.arguments))),
        _ => None,
    }
}

fn pairs(words: &[String]) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut words = words.iter();
    while let Some(keyword) = words.next() {
        let keyword = keyword.to_ascii_lowercase();
        let alone = matches!(keyword.as_str(), "all" | "canonical" | "final");
        let argument = if alone { None } else { words.next() };
        pairs.push((keyword, argument.cloned().unwrap_or_default()));
    }
    pairs
}

fn criterion(keyword: &str, argument: &str, host: &str, user: &str) -> Option<bool> {
    let (negated, keyword) = match keyword.strip_prefix('!') {
        Some(keyword) => (true, keyword),
        None => (false, keyword),
    };
    let patterns: Vec<String> = argument.split(',').map(str::to_owned).collect();
    let holds = match keyword {
        "all" => Some(true),
        "host" | "originalhost" => {
            let read = WildMatch::new_case_insensitive;
            Some(matches_any(&patterns, host, read))
        }
        "user" => Some(matches_any(&patterns, user, WildMatch::new)),
        _ => None,
    };
    holds.map(|holds| holds != negated)
}

/// A criterion that fails decides; one that is not known leaves it open.
fn and(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// One of the patterns matches, and none behind a `!`; `read` says whether case counts.
fn matches_any(patterns: &[String], name: &str, read: fn(&str) -> WildMatch) -> bool {
    let mut negated = patterns.iter().filter_map(|p| p.strip_prefix('!'));
    let mut plain = patterns.iter().filter(|p| !p.starts_with('!'));
    let matches = |pattern: &str| read(pattern).matches(name);
    !negated.any(matches) && plain.any(|pattern| matches(pattern))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MISSION: &str = "\
Match host kalaw.fritz.box user nix-ssh
  IdentityFile /etc/nixos/nix_ssh_priv_key
";

    #[test]
    fn a_match_block_is_for_its_host_and_user() {
        let all = blocks(MISSION);
        let block = &all[1];
        assert_eq!(block.is_for("kalaw.fritz.box", "nix-ssh"), Some(true));
        assert_eq!(block.is_for("kalaw.fritz.box", "root"), Some(false));
        let identity = block.first("identityfile").unwrap();
        assert_eq!(identity.value(), "/etc/nixos/nix_ssh_priv_key");
        assert_eq!(identity.line, 1);
    }

    #[test]
    fn what_depends_on_a_command_is_not_known() {
        let all = blocks("Match exec \"test -e /x\" host kalaw\n  BatchMode yes\n");
        assert_eq!(all[1].is_for("kalaw", "nix-ssh"), None);
        assert_eq!(all[1].is_for("pai", "nix-ssh"), Some(false));
    }

    /// Whether a block with this header is for this destination, as ssh says too.
    #[track_caller]
    #[expect(clippy::disallowed_methods, reason = "the judge is ssh itself")]
    fn check(header: &str, destination: &str, expected: bool) {
        let text = format!("{header}\n  ConnectTimeout 77\n");
        let (user, host) = destination.split_once('@').unwrap();
        assert_eq!(
            blocks(&text)[1].is_for(host, user),
            Some(expected),
            "{header}"
        );
        let config = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&config, text).unwrap();
        let ssh = std::process::Command::new("ssh")
            .args(["-G", destination, "-F"])
            .arg(config.path())
            .output()
            .unwrap();
        let settings = String::from_utf8_lossy(&ssh.stdout);
        assert_eq!(settings.contains("connecttimeout 77"), expected, "{header}");
    }

    #[test]
    fn patterns_have_stars_and_exceptions() {
        for (name, expected) in [
            ("a.lan", true),
            (".lan", true),
            ("bad.lan", false),
            ("kalaw", true),
            ("klaw", false),
            ("lan", false),
        ] {
            check("Host *.lan !bad.lan k?law", &format!("u@{name}"), expected);
        }
        check("Match host *.lan,!bad.lan", "u@a.lan", true);
        check("Match host *.lan,!bad.lan", "u@bad.lan", false);
        check("Host !bad.lan", "u@a.lan", false);
    }

    #[test]
    fn brackets_and_backslashes_are_themselves() {
        check("Host [k]alaw", "u@kalaw", false);
        check("Host k\\*w", "u@kalaw", false);
        check("Host k**w", "u@kalaw", true);
    }

    #[test]
    fn case_counts_for_host_and_user_and_not_for_match_host() {
        check("Host KALAW", "u@kalaw", false);
        check("Host KALAW", "u@KALAW", true);
        check("Match host KALAW", "u@kalaw", true);
        check("Match originalhost kalaw", "u@KALAW", true);
        check("Match user nix-ssh", "nix-ssh@kalaw", true);
        check("Match user NIX-SSH", "nix-ssh@kalaw", false);
    }

    #[test]
    fn keywords_have_no_case_and_may_have_an_equals_sign() {
        let all = blocks("IdentityFile=\"/a b\"\nMATCH ALL\n");
        assert_eq!(all[0].first("identityfile").unwrap().value(), "/a b");
        assert!(all[1].is_for_all());
    }
}

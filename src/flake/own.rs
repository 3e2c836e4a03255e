//! Which of a host's modules is the host's own.
//!
//! A module that bears the host's name is its own; else the one entry file that no
//! other host has; else what is shared or only likely is a candidate to confirm;
//! and where several parts are listed and none is the entry, nobody can know: it is
//! asked.

use crate::flake::bearing::{Bearing, bearing, is_aspect, is_entry, is_shared_part};
use crate::flake::eval::Eval;
use crate::flake::members::{Member, Place};
use crate::flake::reach::{self, Listed, Reached};
use crate::repo::RepoPath;

/// What was chosen for a host.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) place: Option<Place>,
    pub(super) how: String,
    pub(super) confirm: bool,
    pub(super) candidates: Vec<RepoPath>,
}

/// One module of a host, with what speaks for it.
#[derive(Clone)]
struct Candidate {
    place: Place,
    bearing: Bearing,
    /// How many imports lead to it; 0: the flake lists it.
    level: usize,
    /// How many hosts have it, directly or through imports.
    hosts: usize,
    /// The flake lists it for this host alone.
    listed_once: bool,
}

/// Chooses for all hosts at once, since what they share decides.
pub(super) fn choose(eval: &mut Eval, all: &[Listed]) -> Vec<Answer> {
    let reached = reach::modules(eval, all, |place, host| {
        bears(place, host) >= Bearing::Parts
    });
    let hosts = all.iter().zip(&reached);
    hosts
        .map(|(host, reached)| pick(host, &candidates(host, reached), all))
        .collect()
}

fn candidates(host: &Listed, reached: &[Reached]) -> Vec<Candidate> {
    let all = reached.iter().map(|found| {
        let listed_once = found.level == 0 && found.listed_by == 1;
        Candidate {
            place: found.place.clone(),
            bearing: bears(&found.place, &host.name),
            level: found.level,
            hosts: found.hosts,
            listed_once,
        }
    });
    all.collect()
}

/// A module nested in a file bears the name also by its attribute path. A list of
/// modules is only meant in a file that is the host's by its own name.
fn bears(place: &Place, host: &str) -> Bearing {
    if is_aspect(&place.file) {
        return Bearing::None;
    }
    let by_file = bearing(&place.file, host);
    let Some(within) = &place.within else {
        return by_file;
    };
    if place.in_list {
        return if by_file == Bearing::Whole {
            by_file
        } else {
            Bearing::None
        };
    }
    let named = within.split('.').any(|name| name.trim_matches('"') == host);
    if named {
        by_file.max(Bearing::Parts)
    } else {
        by_file
    }
}

/// True if the file is named after the module that is nested in it.
fn bears_own_name(place: &Place) -> bool {
    let within = place.within.as_deref().filter(|_| !place.in_list);
    within.is_some_and(|within| {
        let name = within
            .rsplit('.')
            .next()
            .unwrap_or(within)
            .trim_matches('"');
        bearing(&place.file, name) == Bearing::Whole
    })
}

fn pick(host: &Listed, all: &[Candidate], hosts: &[Listed]) -> Answer {
    let mut ranked: Vec<&Candidate> = all.iter().filter(|c| may_be_own(c)).collect();
    ranked.sort_by_key(|c| std::cmp::Reverse(rank(c)));
    let candidates: Vec<RepoPath> = ranked
        .iter()
        .take(9)
        .map(|c| c.place.file.clone())
        .collect();
    let answer = named(&ranked)
        .or_else(|| only_entry(&ranked))
        .or_else(|| below(&ranked))
        .or_else(|| variant(&ranked))
        .or_else(|| only_one(&ranked))
        .or_else(|| common(host, &ranked, hosts));
    match answer {
        Some((place, how, confirm)) => Answer {
            place: Some(place),
            how,
            confirm,
            candidates,
        },
        None => Answer {
            how: why_not(host),
            candidates,
            ..Answer::default()
        },
    }
}

fn is_shared(place: &Place) -> bool {
    is_shared_part(&place.file, place.within.is_some())
}

fn may_be_own(c: &Candidate) -> bool {
    !is_aspect(&c.place.file) && (!c.place.in_list || c.bearing == Bearing::Whole)
}

type Choice = Option<(Place, String, bool)>;

/// What makes one module likelier than another, strongest first.
fn rank(c: &Candidate) -> impl Ord + use<> {
    let near = std::cmp::Reverse(c.level);
    let kind = (!c.place.in_list, is_entry(&c.place.file));
    (c.bearing, near, c.hosts == 1, !is_shared(&c.place), kind)
}

/// The module that bears the host's name.
fn named(ranked: &[&Candidate]) -> Choice {
    let first = ranked.first().filter(|c| c.bearing >= Bearing::Parts)?;
    let best = main_part(first, ranked);
    let rivals = ranked.iter().filter(|c| rank(c) == rank(first)).count();
    let confirm = best.hosts > 1 || rivals > 1 || best.place != first.place;
    let where_from = match best.level {
        0 => "in the host's modules",
        _ => "imported by the host's modules",
    };
    let shared = if best.hosts > 1 {
        ", shared with other hosts"
    } else {
        ""
    };
    let how = format!("{where_from}, named after the host{shared}");
    Some((best.place.clone(), how, confirm))
}

/// Several files may make one nested module together: the one of its name is meant.
fn main_part<'a>(first: &'a Candidate, ranked: &[&'a Candidate]) -> &'a Candidate {
    let mut parts = ranked
        .iter()
        .filter(|c| c.place.within.is_some() && c.place.within == first.place.within);
    parts
        .find(|c| bears_own_name(&c.place))
        .copied()
        .unwrap_or(first)
}

/// The one entry file that only this host has; of several, the one `configuration.nix`.
fn only_entry(ranked: &[&Candidate]) -> Choice {
    let entries: Vec<&Candidate> = ranked
        .iter()
        .copied()
        .filter(|c| c.listed_once && is_entry(&c.place.file) && !is_shared(&c.place))
        .collect();
    let main = entries
        .iter()
        .filter(|c| c.place.file.file_name() == "configuration.nix");
    let main: Vec<&Candidate> = main.copied().collect();
    let (([best], _) | (_, [best])) = (entries.as_slice(), main.as_slice()) else {
        return None;
    };
    let how = "the only entry file that no other host has";
    Some((best.place.clone(), how.to_owned(), false))
}

/// The only module in a folder of the host's name.
fn below(ranked: &[&Candidate]) -> Choice {
    let mut found = ranked
        .iter()
        .filter(|c| c.listed_once && c.bearing == Bearing::Below);
    let best = found.next().filter(|_| found.next().is_none())?;
    Some((
        best.place.clone(),
        "the only module from the host's folder".to_owned(),
        true,
    ))
}

/// The module of the host of which this one is a variant.
fn variant(ranked: &[&Candidate]) -> Choice {
    let best = ranked
        .iter()
        .find(|c| matches!(c.bearing, Bearing::Prefix(_)))?;
    Some((
        best.place.clone(),
        "named after the host of which this is a variant".to_owned(),
        true,
    ))
}

/// The only module that no other host has.
fn only_one(ranked: &[&Candidate]) -> Choice {
    let mut own = ranked.iter().filter(|c| c.listed_once);
    let best = own.next().filter(|_| own.next().is_none())?;
    if is_shared(&best.place) {
        return None;
    }
    Some((
        best.place.clone(),
        "the only module that no other host has".to_owned(),
        true,
    ))
}

/// The one module that the host has, though others have it too.
fn common(host: &Listed, ranked: &[&Candidate], hosts: &[Listed]) -> Choice {
    let best = ranked.iter().find(|c| c.level == 0)?;
    if reach::places(&host.members).len() > 1 {
        return None;
    }
    let file = &best.place.file;
    let anothers = hosts
        .iter()
        .any(|other| other.name != host.name && bearing(file, &other.name) >= Bearing::Parts);
    if anothers || is_shared(&best.place) || !is_entry(file) {
        return None;
    }
    Some((
        best.place.clone(),
        "the only module, shared with other hosts".to_owned(),
        true,
    ))
}

fn why_not(host: &Listed) -> String {
    let unknown = host.members.iter().find_map(|(_, member)| match member {
        Member::Unknown(why) => Some(why),
        _ => None,
    });
    match unknown {
        Some(why) => format!("not known: {why}"),
        None if host
            .members
            .iter()
            .any(|(_, member)| matches!(member, Member::Inline(_))) =>
        {
            "the host is written within the flake".to_owned()
        }
        None => "several modules, none of them the host's entry".to_owned(),
    }
}

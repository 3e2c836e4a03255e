//! `[lint]`: findings that the user allows.

use super::{Key, Kind};

pub(in crate::fleet) static ALLOW: Key = Key {
    name: "allow",
    what: "a list of tables, each under `[[lint.allow]]`",
    required: false,
    kind: Kind::Listed(ALLOWANCE),
    example: "[{ rule = \"cache-unpinned\", reason = \"a test bed\" }]",
    doc: "Findings that are meant to be so.",
};

pub(in crate::fleet) static RULE: Key = Key {
    name: "rule",
    what: "the name of a rule",
    required: true,
    kind: Kind::Text,
    example: "\"cache-unpinned\"",
    doc: "The rule that is allowed to fire, as `larder lint` prints it in brackets.",
};

pub(in crate::fleet) static AT: Key = Key {
    name: "at",
    what: "a place",
    required: false,
    kind: Kind::Text,
    example: "\"pai\"",
    doc: "Where: a host, a cache, or a file or folder of the repository. Default: everywhere.",
};

pub(in crate::fleet) static REASON: Key = Key {
    name: "reason",
    what: "a reason",
    required: true,
    kind: Kind::Text,
    example: "\"a test bed\"",
    doc: "Why, for the next reader.",
};

pub(in crate::fleet) static EXPIRES: Key = Key {
    name: "expires",
    what: "a day",
    required: false,
    kind: Kind::Date,
    example: "2027-01-31",
    doc: "The last day on which it is allowed.",
};

pub(in crate::fleet) static KEYS: &[&Key] = &[&ALLOW];
pub(in crate::fleet) static ALLOWANCE: &[&Key] = &[&RULE, &AT, &REASON, &EXPIRES];

//! What is put into a file of data is there, and can be taken out, byte for byte.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::{Data, DataFormat, Segment, at};

const NAMES: [&str; 4] = ["kalaw", "pai", "mo-ca", "weaver"];

/// Puts a copy of the entry at `like` behind the one at `after`, looks whether the
/// file then says that and nothing else, and takes it out again.
#[track_caller]
fn there_and_back(text: &str, format: DataFormat, like: &[Segment], after: &[Segment]) {
    let before = Data::parse(text, format).expect("the example parses");
    let mut copy = before
        .copy(like)
        .unwrap_or_else(|| panic!("not copied:\n{text}"));
    let is_member = matches!(like.last(), Some(Segment::Key(_)));
    if is_member {
        copy.rename(&[], "newbox").expect("it has a key");
    }
    let new = copy.value().expect("it says something");
    assert_eq!(Some(&new), at(&before.value(), like), "from\n{text}");
    let edit = before.insert_after(after, &copy);
    let edit = edit.unwrap_or_else(|| panic!("not put in:\n{text}"));
    let there = edit.apply(text);
    let said = Data::parse(&there, format);
    let said = said.unwrap_or_else(|| panic!("no longer parses:\n{text}\nwith\n{there}"));
    let path = new_path(after, is_member);
    assert_eq!(
        said.value(),
        with(before.value(), &path, new),
        "from\n{text}\nto\n{there}"
    );
    let back = said.remove(&path).expect("it can be taken out");
    assert_eq!(back.apply(&there), text, "by way of\n{there}");
}

fn new_path(after: &[Segment], is_member: bool) -> Vec<Segment> {
    let (last, above) = after.split_last().expect("an entry is in something");
    let segment = match last {
        Segment::Index(index) if !is_member => Segment::Index(index + 1),
        _ => Segment::key("newbox"),
    };
    [above, &[segment]].concat()
}

fn with(mut all: Value, path: &[Segment], new: Value) -> Value {
    let (last, above) = path.split_last().expect("an entry is in something");
    let around = above.iter().fold(&mut all, |value, segment| match segment {
        Segment::Key(name) => &mut value[&**name],
        Segment::Index(index) => &mut value[*index],
    });
    match last {
        Segment::Key(name) => around[&**name] = new,
        Segment::Index(index) => around.as_array_mut().expect("a list").insert(*index, new),
    }
    all
}

/// Text in the layout of one of the programs that write JSON.
fn laid_out(value: &Value, indent: Option<&str>, depth: usize) -> String {
    let space = indent.map_or(String::new(), |one| format!("\n{}", one.repeat(depth)));
    let inner = indent.map_or(String::new(), |one| format!("\n{}", one.repeat(depth + 1)));
    let colon = if indent.is_some() { ": " } else { ":" };
    let (open, parts, close): (_, Vec<String>, _) = match value {
        Value::Array(items) => {
            let items = items.iter().map(|item| laid_out(item, indent, depth + 1));
            ('[', items.collect(), ']')
        }
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                let value = laid_out(value, indent, depth + 1);
                format!("{}{colon}{value}", Value::from(name.as_str()))
            });
            ('{', members.collect(), '}')
        }
        plain => return plain.to_string(),
    };
    if parts.is_empty() {
        return format!("{open}{close}");
    }
    let parts = parts.join(&format!(",{inner}"));
    format!("{open}{inner}{parts}{space}{close}")
}

fn any_json() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z\"\\\\,:{}\\[\\]é#\n ]{0,8}".prop_map(Value::from),
    ];
    plain.prop_recursive(3, 12, 3, |inner| {
        let names = "[a-z\"\\\\]{0,3}";
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map(names, inner, 0..3)
                .prop_map(|members| members.into_iter().collect::<Value>()),
        ]
    })
}

/// How a file of TOML lists hosts.
#[derive(Debug, Clone, Copy)]
enum Layout {
    Headers,
    Dotted,
    Lines,
    Rows,
    Items,
    Names,
}

/// What people write between the entries and around them.
#[derive(Debug, Clone)]
struct Habit {
    blank_lines: usize,
    above: &'static str,
    behind: &'static str,
    below: &'static str,
    list: &'static str,
}

fn habit() -> impl Strategy<Value = Habit> {
    let wide = "[\n  \"a # b\", # one\n  'c',\n  # two\n]";
    let parts = (
        0..3_usize,
        select(vec!["", "# above\n"]),
        select(vec!["", " # behind"]),
        select(vec!["", "# below\n"]),
        select(vec!["[ \"a # b\", 'c' ]", wide]),
    );
    parts.prop_map(|(blank_lines, above, behind, below, list)| Habit {
        blank_lines,
        above,
        behind,
        below,
        list,
    })
}

/// A file that lists hosts, with something else behind them or not.
fn listing(form: Layout, names: &[&str], habit: &Habit, has_more: bool) -> String {
    let (start, end, may_go_on) = match form {
        Layout::Headers => ("[host.\"zero\"]\n", "", true),
        Layout::Dotted => ("", "", false),
        Layout::Lines => ("\n[host]\n", "", true),
        Layout::Rows => ("[[other]]\n", "", true),
        Layout::Items | Layout::Names => ("host = [\n", "]\n", false),
    };
    let entries: Vec<String> = names.iter().map(|name| entry(form, name, habit)).collect();
    let more = if has_more && may_go_on {
        "\n# The rest.\n\n[rest]\na = 1\n"
    } else {
        ""
    };
    let entries = entries.join(&"\n".repeat(habit.blank_lines));
    format!("# first\ntitle = \"fleet\"\n{start}{entries}{end}{more}")
}

fn entry(form: Layout, name: &str, habit: &Habit) -> String {
    let Habit {
        above,
        behind,
        below,
        list,
        ..
    } = habit;
    let lines = match form {
        Layout::Headers => format!(
            "[host.{name}]{behind}\ntags = {list}\n\n  [host.{name}.net]\n  x.y = 1{behind}\n[[host.{name}.disk]]\n"
        ),
        Layout::Dotted => {
            format!("host.{name}.tags = {list}{behind}\nhost . \"{name}\".x = {{ y = 1 }}\n")
        }
        Layout::Lines => format!("  {name} = {{ tags = [ \"a\" ], x = 1.5 }}{behind}\n"),
        Layout::Rows => format!(
            "[[host]]{behind}\nname = '{name}'\ntags = {list}\n[host.net]\n[[host.disk]]\nx = 1\n"
        ),
        Layout::Items => format!("  {{ name = \"{name}\", tags = [ 'a' ] }},{behind}\n"),
        Layout::Names => format!("  \"{name}\",{behind}\n"),
    };
    format!("{above}{lines}{below}")
}

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

#[test]
fn a_comment_at_the_end_stays_the_last_hosts() {
    let text = "[host.pai]\na = 1\n[host.kalaw]\na = 1\n# about kalaw";
    let path = |name: &str| ["host", name].map(Segment::key);
    let data = Data::parse(text, DataFormat::Toml).unwrap();
    let mut copy = data.copy(&path("pai")).unwrap();
    copy.rename(&[], "newbox").unwrap();
    let there = data
        .insert_after(&path("kalaw"), &copy)
        .unwrap()
        .apply(text);
    assert_eq!(there, format!("{text}\n\n[host.newbox]\na = 1"));
    there_and_back(text, DataFormat::Toml, &path("pai"), &path("kalaw"));
}

#[test]
fn what_is_written_around_an_entry_stays() {
    let text = "[host.pai]\na = 1\n\n[host.newbox]\na = 1 # mine\n\n# next\n[host.kalaw]\n";
    let data = Data::parse(text, DataFormat::Toml).unwrap();
    let path = ["host", "newbox"].map(Segment::key);
    let back = data.remove(&path).unwrap().apply(text);
    assert_eq!(back, "[host.pai]\na = 1\n\n# next\n[host.kalaw]\n");
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn json_there_and_back(
        values in proptest::collection::vec(any_json(), 1..4),
        indent in select(vec![None, Some("  "), Some("\t"), Some("    ")]),
        is_list: bool, nested: bool, crlf: bool, ends: bool,
        like in 0..3_usize, after in 0..3_usize,
    ) {
        let (like, after) = (like % values.len(), after % values.len());
        let named = NAMES.iter().map(|name| (*name).to_owned()).zip(values.iter().cloned());
        let hosts: Value = if is_list { values.into() } else { named.collect() };
        let segment = |index: usize| if is_list {
            Segment::Index(index)
        } else {
            Segment::key(NAMES[index])
        };
        let all = if nested { json!({"a": [], "b": hosts, "c": {}}) } else { hosts };
        let above = if nested { vec![Segment::key("b")] } else { Vec::new() };
        let mut text = laid_out(&all, indent, 0);
        if ends {
            text.push('\n');
        }
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let path = |index| [above.clone(), vec![segment(index)]].concat();
        there_and_back(&text, DataFormat::Json, &path(like), &path(after));
    }

    #[test]
    fn toml_there_and_back(
        form in select(vec![
            Layout::Headers, Layout::Dotted, Layout::Lines, Layout::Rows, Layout::Items, Layout::Names,
        ]),
        count in 1..4_usize, habit in habit(),
        has_more: bool, crlf: bool, ends: bool,
        like in 0..3_usize, after in 0..3_usize,
    ) {
        let mut text = listing(form, &NAMES[..count], &habit, has_more);
        if !ends {
            text.truncate(text.trim_end().len());
        }
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let path = |index: usize| {
            let segment = match form {
                Layout::Rows | Layout::Items | Layout::Names => Segment::Index(index % count),
                _ => Segment::key(NAMES[index % count]),
            };
            vec![Segment::key("host"), segment]
        };
        there_and_back(&text, DataFormat::Toml, &path(like), &path(after));
    }

    #[test]
    fn every_name_is_where_it_is_said_to_be(all in any_json()) {
        let text = laid_out(&all, Some("  "), 0);
        let data = Data::parse(&text, DataFormat::Json).expect("it is JSON");
        prop_assert_eq!(data.value(), all.clone());
        for (range, string) in data.strings() {
            let said: String = serde_json::from_str(&text[range]).expect("a text");
            if string.is_key {
                prop_assert_eq!(string.path.last(), Some(&Segment::key(&said)));
            } else {
                prop_assert_eq!(at(&all, &string.path), Some(&Value::from(said)));
            }
        }
    }
}

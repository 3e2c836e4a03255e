//! Laws of the inventory's reader and editor on inventories that nobody wrote:
//! every form of a table and of a list, with blanks and comments anywhere.

use larder::internals::diagnostic::Source;
use larder::internals::fleet::{Cache, Fleet, Host, HostName, InventoryEditor, Selector, read};
use larder::internals::key::PrivateKey;
use proptest::prelude::*;

trials![
    no_text_makes_the_reader_panic,
    no_mixture_of_its_own_words_makes_the_reader_panic,
    a_host_added_and_removed_leaves_every_byte,
    a_cache_added_and_removed_leaves_every_byte,
    a_client_added_and_removed_leaves_every_byte,
    a_value_set_changes_one_line_and_can_be_read,
    what_is_removed_is_gone_and_the_rest_means_the_same,
];

proptest! {
    #![proptest_config(crate::cases(1))]

    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        drop(read(&Source::new("larder.toml", text)));
    }

    fn no_mixture_of_its_own_words_makes_the_reader_panic(
        words in prop::collection::vec(prop::sample::select(WORDS), 0..40),
    ) {
        drop(read(&Source::new("larder.toml", words.concat())));
    }

    fn a_host_added_and_removed_leaves_every_byte(text in inventory()) {
        let mut editor = open(&text)?;
        editor.set_host(&thor()).unwrap();
        prop_assert!(adds_lines_only(&text, editor.text()), "{}", editor.text());
        prop_assert!(fleet(&editor)?.hosts.contains_key("thor"));
        editor.remove_host(&name("thor")).unwrap();
        prop_assert_eq!(editor.text(), text);
    }

    fn a_cache_added_and_removed_leaves_every_byte(text in inventory()) {
        let mut editor = open(&text)?;
        editor.set_host(&thor()).unwrap();
        let before = editor.text().to_owned();
        let mut cache = Cache::of(name("thor"));
        cache.clients = vec![Selector::All];
        editor.set_cache(&cache).unwrap();
        prop_assert!(adds_lines_only(&before, editor.text()), "{}", editor.text());
        prop_assert!(fleet(&editor)?.caches.contains_key("thor"));
        editor.remove_cache(&name("thor")).unwrap();
        prop_assert_eq!(editor.text(), before);
    }

    fn a_client_added_and_removed_leaves_every_byte(text in inventory()) {
        let mut editor = open(&text)?;
        let Some(cache) = fleet(&editor)?.caches.get("kalaw").cloned() else {
            return Ok(());
        };
        editor.set_host(&thor()).unwrap();
        let mut more = cache.clone();
        more.clients.push(Selector::Host(name("thor")));
        editor.set_cache(&more).unwrap();
        prop_assert_eq!(fleet(&editor)?.caches["kalaw"].clients.len(), cache.clients.len() + 1);
        editor.remove_host(&name("thor")).unwrap();
        prop_assert_eq!(editor.text(), text);
    }

    fn a_value_set_changes_one_line_and_can_be_read(text in inventory()) {
        let key = PrivateKey::from_seed(&[3; 32], "").public();
        let before = open(&text)?;
        for (host, mut changed) in fleet(&before)?.hosts {
            let mut editor = before.clone();
            changed.host_key = Some(key.clone());
            editor.set_host(&changed).unwrap();
            let found = fleet(&editor)?.hosts[&host].host_key.clone();
            prop_assert_eq!(found, Some(key.clone()));
            prop_assert!(lines_gone(&text, editor.text()) <= 1, "{}", editor.text());
        }
    }

    fn what_is_removed_is_gone_and_the_rest_means_the_same(text in inventory()) {
        let mut editor = open(&text)?;
        let before = fleet(&editor)?;
        editor.remove_cache(&name("kalaw")).unwrap();
        let gone = editor.text().to_owned();
        editor.remove_cache(&name("kalaw")).unwrap();
        prop_assert_eq!(editor.text(), &gone);
        editor.remove_host(&name("pai")).unwrap();
        let after = fleet(&editor)?;
        prop_assert!(!after.hosts.contains_key("pai"));
        prop_assert!(!editor.text().contains("pai ="), "{}", editor.text());
        for (host, kept) in &after.hosts {
            prop_assert_eq!(&kept.module, &before.hosts[host].module);
        }
    }
}

/// The words of the format, for mixtures that are nearly right.
const WORDS: &[&str] = &[
    "version = 1\n",
    "[hosts.pai]\n",
    "[hosts]\n",
    "[caches.pai]\n",
    "[caches.pai.link.pai]\n",
    "[[lint.allow]]\n",
    "module",
    "port",
    "identity",
    "clients",
    "tags",
    "host-key",
    "signing-key",
    "expires",
    "hosts",
    ".",
    " = ",
    "\"pai\"",
    "\"@all\"",
    "22",
    "true",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\n",
    "\"",
    "#",
    "2027-01-31",
    "\r\n",
    "\u{feff}",
];

/// A whole inventory: hosts `pai`, `kalaw` and `ms`, perhaps a cache on `kalaw`.
fn inventory() -> impl Strategy<Value = String> {
    let hosts = prop_oneof![
        (
            section("hosts.pai"),
            section("hosts.kalaw"),
            section("hosts.\"ms\"")
        )
            .prop_map(|(a, b, c)| (String::new(), a + &b + &c)),
        (dotted("pai"), dotted("kalaw"), section("hosts.ms")).prop_map(|(a, b, c)| (a + &b, c)),
        Just((
            "hosts = { pai = { module = \"p\" }, kalaw = {}, ms = { } }\n".to_owned(),
            String::new()
        )),
        (between(), braces(), braces()).prop_map(|(gap, a, b)| (
            String::new(),
            format!("{gap}[hosts]\npai = {a} # pai\nkalaw={b}\n ms.module = \"m\"\n")
        )),
    ];
    let caches = prop_oneof![
        Just(String::new()),
        (between(), list(), list(), between()).prop_map(|(gap, clients, except, end)| format!("{gap}[caches.kalaw]\nclients = {clients} # who\nexcept={except}\n{end}[caches.kalaw.link.pai]\nlan = true\n")),
        (between(), list()).prop_map(|(gap, clients)| format!("{gap}[caches]\nkalaw = {{ clients = {clients} }}\n")),
    ];
    let order = any::<bool>();
    let ends = (any::<bool>(), any::<bool>());
    (between(), hosts, caches, between(), order, ends).prop_map(
        |(gap, (top, hosts), caches, tail, hosts_first, (crlf, ended))| {
            let body = if hosts_first {
                hosts + &caches
            } else {
                caches + &hosts
            };
            let mut text = format!("version = 1 # one\n{gap}{top}{body}{tail}");
            if !ended {
                text.truncate(text.trim_end().len());
            }
            if crlf {
                text.replace('\n', "\r\n")
            } else {
                text
            }
        },
    )
}

fn section(path: &'static str) -> impl Strategy<Value = String> {
    let module = prop::sample::select(
        &[
            "",
            "module = \"p\"\n",
            "  module=  'p' # why\n",
            "# module\nmodule = \"\"\"\np\"\"\"\n",
        ][..],
    );
    let more = prop::sample::select(
        &[
            "",
            "port = 22\n",
            "\n# the port\nport   = 22 # c\n",
            "identity.file = \"/k\"\n",
            "# end\n",
        ][..],
    );
    (between(), module, more)
        .prop_map(move |(gap, module, more)| format!("{gap}[{path}]\n{module}{more}"))
}

fn dotted(host: &'static str) -> impl Strategy<Value = String> {
    (between(), braces()).prop_map(move |(gap, _)| {
        format!("{gap}hosts.{host}.module = \"p\"\nhosts . {host} . port = 22 # c\n")
    })
}

fn braces() -> impl Strategy<Value = String> {
    prop::sample::select(
        &[
            "{}",
            "{ }",
            "{ module = \"p\" }",
            "{module=\"p\",port = 22}",
            "{ identity.file = \"/k\", module = \"p\" }",
        ][..],
    )
    .prop_map(str::to_owned)
}

/// A list of `pai` and `ms`, or one of them, or nobody.
fn list() -> impl Strategy<Value = String> {
    prop::sample::select(
        &[
            "[]",
            "[ ]",
            "[\n]",
            "[\n  # nobody yet\n]",
            "[\"pai\"]",
            "[ \"pai\" ]",
            "[\"pai\",]",
            "[\"ms\", \"pai\"]",
            "[ \"pai\" , 'ms' , ]",
            "[\n  \"pai\",\n  \"ms\",\n]",
            "[\n\t\"pai\",\n\t\"ms\"\n]",
            "[\n  \"pai\", # the laptop\n  # the box\n  \"ms\" # c\n  # end\n]",
            "[\"pai\", # the laptop\n \"ms\"]",
            "[\n  \"pai\", \"ms\",\n]",
            "[\n    \"pai\"\n  , \"ms\"\n  ]",
        ][..],
    )
    .prop_map(str::to_owned)
}

/// What people put between tables.
fn between() -> impl Strategy<Value = String> {
    prop::sample::select(&["", "\n", "\n\n", "# a\n", "\n# b\n", "\n# c\n\n", "  \n"][..])
        .prop_map(str::to_owned)
}

fn open(text: &str) -> Result<InventoryEditor, TestCaseError> {
    let problems = |problems| TestCaseError::fail(format!("{text}\n{problems:#?}"));
    InventoryEditor::open(&Source::new("larder.toml", text)).map_err(problems)
}

/// What the text means by now.
fn fleet(editor: &InventoryEditor) -> Result<Fleet, TestCaseError> {
    let problems = |problems| TestCaseError::fail(format!("{problems:#?}"));
    read(&Source::new("larder.toml", editor.text())).map_err(problems)
}

fn name(text: &str) -> HostName {
    text.parse().unwrap()
}

fn thor() -> Host {
    let mut host = Host::named(name("thor"));
    host.module = Some("hosts/thor.nix".to_owned());
    host
}

/// True if every line of `old` is a line of `new`, in order; in braces, which
/// hold all hosts on one line, that one line may differ.
fn adds_lines_only(old: &str, new: &str) -> bool {
    lines_gone(old, new) <= usize::from(old.contains("hosts = {") || old.contains("kalaw = {"))
}

/// How many lines of `old` are not in `new`, in order.
fn lines_gone(old: &str, new: &str) -> usize {
    let mut rest = new.lines();
    let mut gone = 0;
    for line in old.lines() {
        let mut ahead = rest.clone();
        if ahead.any(|other| other == line) {
            rest = ahead;
        } else {
            gone += 1;
        }
    }
    gone
}

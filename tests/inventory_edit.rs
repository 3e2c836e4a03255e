//! Edits of the inventory: exact bytes in, exact bytes out, and laws that hold on
//! a corpus of odd files.

use larder::internals::diagnostic::{Diagnostic, Source};
use larder::internals::fleet::{
    Cache, Fleet, Host, HostName, Identity, InventoryEditor, LinkOverride, Selector, SigningKey,
    Successor, read,
};

trials![
    a_host_added_and_removed_leaves_every_byte,
    what_is_set_can_be_read_again,
    many_hosts_in_one_go_are_the_same_as_one_by_one,
    a_cache_added_and_removed_leaves_every_byte,
    a_client_added_and_removed_leaves_every_byte,
    a_new_host_stands_behind_the_others_and_above_the_next_tables_comment,
    with_a_host_go_its_comments_and_its_name_in_lists,
    a_value_is_changed_where_it_is,
    a_list_in_order_stays_in_order,
    a_value_takes_the_form_of_its_neighbours,
    an_identity_may_change_its_kind,
    a_key_becomes_two_and_one_again,
    a_cache_is_written_with_what_is_known,
    a_host_that_serves_a_cache_stays,
    a_form_without_a_place_is_refused_and_left_alone,
];

/// Inventories as people write them, each named for its oddity.
const CORPUS: &[(&str, &str)] = &[
    ("nothing but a host", "version = 1\n[hosts.pai]\n"),
    (
        "hosts at the top, no line end",
        "version = 1\nhosts.pai = {}",
    ),
    ("no line end after a table", "version = 1\n[hosts.pai]"),
    (
        "blank lines at the end",
        "version = 1\n\n[hosts.pai]\nmodule = \"p\"\n\n\n",
    ),
    ("blanks at the end", "version = 1\n[hosts.pai]\n  "),
    (
        "a comment at the end",
        "version = 1\n[hosts.pai]\n\n# port = 3\n",
    ),
    (
        "a comment at the end, no line end",
        "version = 1\n[hosts.pai]\n# the laptop",
    ),
    (
        "CRLF",
        "version = 1\r\n\r\n[hosts.pai]\r\nmodule = \"p\" # c\r\n\r\n[caches.pai]\r\nclients = []\r\n",
    ),
    (
        "CRLF, no line end at the end",
        "version = 1\r\n\r\n[hosts.pai]\r\nmodule = \"p\"",
    ),
    (
        "no blank lines",
        "version = 1\n[hosts.pai]\nmodule = \"p\"\n[caches.pai]\nclients = []\n",
    ),
    (
        "a comment belongs to the next table",
        "version = 1\n[hosts.pai]\nmodule = \"p\"\n# the server\n[caches.pai]\n",
    ),
    (
        "comments everywhere",
        "# fleet\nversion = 1 # one\n# a\n\n# b\n[hosts.pai] # c\n# d\nmodule = \"p\" # e\n# f\n\n# g\n\n# h\n[caches.pai] # i\n# j\n",
    ),
    (
        "dotted keys",
        "version = 1\nhosts.pai.module = \"p\"\nhosts.pai.port = 22 # c\ncaches.pai.clients = []\n",
    ),
    (
        "inline hosts",
        "version = 1\nhosts = { pai = { module = \"p\" }, ms = {} }\ncaches = { pai = { clients = [\"ms\"] } }\n",
    ),
    (
        "inline below a header",
        "version = 1\n[hosts]\npai = { module = \"p\" }\n\n[caches]\npai.clients = []\n",
    ),
    (
        "odd spacing",
        "version=1\n  [ hosts . pai ]\n  module=  \"p\"  \n\t[hosts.ms]\n\tport   =22\n",
    ),
    (
        "quoted keys",
        "version = 1\n[hosts.\"pai\"]\n\"module\" = 'p'\n['caches'.pai]\n",
    ),
    (
        "multi-line strings and lists",
        "version = 1\n[hosts.pai]\nmodule = \"\"\"p\"\"\"\ntags = [\n  # first\n  \"a\", # x\n  \"b\"\n]\n\n[caches.pai]\nclients = [\n]\n",
    ),
    (
        "only a table below has a header",
        "version = 1\n[hosts.pai]\n[caches.pai.link.ms]\nlan = true\n[hosts.ms.identity]\nfile = \"/k\"\n",
    ),
    (
        "tables out of order",
        "version = 1\n[caches.pai]\n\n[hosts.ms]\n\n[lint]\n\n[hosts.pai]\n[[lint.allow]]\nrule = \"x\"\nreason = \"y\"\n",
    ),
    ("a byte order mark", "\u{feff}version = 1\n[hosts.pai]\n"),
];

fn a_host_added_and_removed_leaves_every_byte() {
    for (oddity, text) in CORPUS {
        let mut editor = open(text);
        editor.set_host(&thor()).unwrap();
        assert_ne!(editor.text(), *text, "{oddity}");
        assert!(
            fleet(&editor).hosts.contains_key("thor"),
            "{oddity}\n{}",
            editor.text()
        );
        editor.remove_host(&name("thor")).unwrap();
        assert_eq!(editor.text(), *text, "{oddity}");
    }
}

fn what_is_set_can_be_read_again() {
    for (oddity, text) in CORPUS {
        let mut editor = open(text);
        editor.set_host(&thor()).unwrap();
        let after = editor.text().to_owned();
        let port = fleet(&open(&after)).hosts["thor"].port;
        assert_eq!(port, Some(2222), "{oddity}");
        editor.set_host(&thor()).unwrap();
        assert_eq!(editor.text(), after, "{oddity}: a second time changes it");
    }
}

fn many_hosts_in_one_go_are_the_same_as_one_by_one() {
    for (oddity, text) in CORPUS {
        let mut sif = Host::named(name("sif"));
        sif.roaming = true;
        let mut pai = fleet(&open(text)).hosts["pai"].clone();
        pai.port = Some(2200);
        let hosts = [thor(), sif, pai];
        let (mut together, mut apart) = (open(text), open(text));
        together.set_hosts(&hosts).unwrap();
        for host in &hosts {
            apart.set_host(host).unwrap();
        }
        assert_eq!(together.text(), apart.text(), "{oddity}");
    }
}

fn a_cache_added_and_removed_leaves_every_byte() {
    for (oddity, text) in CORPUS {
        let mut editor = open(text);
        editor.set_host(&thor()).unwrap();
        let before = editor.text().to_owned();
        editor.set_cache(&cache_on_thor()).unwrap();
        let after = fleet(&open(editor.text()));
        assert!(after.caches.contains_key("thor"), "{oddity}");
        editor.remove_cache(&name("thor")).unwrap();
        assert_eq!(editor.text(), before, "{oddity}");
    }
}

fn a_client_added_and_removed_leaves_every_byte() {
    for (oddity, text) in CORPUS.iter().filter(|(_, text)| text.contains("clients")) {
        let mut editor = open(text);
        editor.set_host(&thor()).unwrap();
        let client = Selector::Host(name("thor"));
        add_client(&mut editor, "pai", client).unwrap();
        assert!(editor.text().contains("\"thor\""), "{oddity}");
        editor.remove_host(&name("thor")).unwrap();
        assert_eq!(editor.text(), *text, "{oddity}");
    }
}

fn a_new_host_stands_behind_the_others_and_above_the_next_tables_comment() {
    let text = "version = 1\n[hosts.pai] # laptop\n# no module yet\n# the server\n[caches.pai]\n";
    check(
        text,
        |editor| editor.set_host(&thor()),
        "\
version = 1
[hosts.pai] # laptop

[hosts.thor]
module = \"hosts/thor.nix\"
port = 2222
tags = [\"desktop\"]
# no module yet
# the server
[caches.pai]
",
    );
}

fn with_a_host_go_its_comments_and_its_name_in_lists() {
    let text = "\
version = 1

# The laptop.
[hosts.pai]
module = \"pai.nix\" # by hand
# port = 2222

# Others below.

[hosts.ms]

[caches.ms]
clients = [\"@all\", \"pai\"] # who
except  = [
  \"ms\",
  \"pai\", # off
]

[caches.ms.link.pai]
lan = true
";
    check(
        text,
        |editor| editor.remove_host(&name("pai")),
        "\
version = 1

# Others below.

[hosts.ms]

[caches.ms]
clients = [\"@all\"] # who
except  = [
  \"ms\",
]
",
    );
}

fn a_value_is_changed_where_it_is() {
    let text = "version = 1\n[caches]\n[hosts.pai]\nport =  22  # of sshd\nmodule='p'\n";
    let port = |editor: &mut InventoryEditor| {
        let mut pai = fleet(editor).hosts["pai"].clone();
        pai.port = Some(2222);
        editor.set_host(&pai)
    };
    check(text, port, &text.replace("22  #", "2222  #"));
}

fn a_list_in_order_stays_in_order() {
    let add = |editor: &mut InventoryEditor| add_client(editor, "ms", Selector::Host(name("pai")));
    let around = |list: &str| {
        format!(
            "version = 1\nhosts = {{ ms = {{}}, a = {{}}, z = {{}}, pai = {{}} }}\n[caches.ms]\nclients = {list}\n"
        )
    };
    let cases = [
        ("[\"a\",  \"z\"]", "[\"a\", \"pai\",  \"z\"]"),
        ("[\"z\", \"a\"]", "[\"z\", \"a\", \"pai\"]"),
        (
            "[\n  \"a\", # A\n  # Z\n  \"z\"\n]",
            "[\n  \"a\", # A\n  \"pai\",\n  # Z\n  \"z\"\n]",
        ),
        ("[\n  \"a\",\n]", "[\n  \"a\",\n  \"pai\",\n]"),
        (
            "[\n  \"z\" # Z\n  # end\n]",
            "[\n  \"z\", # Z\n  \"pai\"\n  # end\n]",
        ),
        ("[ ]", "[ \"pai\" ]"),
        ("[\n    # nobody\n]", "[\n    # nobody\n    \"pai\",\n]"),
    ];
    for (before, after) in cases {
        check(&around(before), add, &around(after));
    }
}

fn a_value_takes_the_form_of_its_neighbours() {
    let key = |editor: &mut InventoryEditor| {
        let mut pai = fleet(editor).hosts["pai"].clone();
        pai.roaming = true;
        editor.set_host(&pai)
    };
    let cases = [
        (
            "  [hosts.pai]\n  port = 1\n",
            "  [hosts.pai]\n  port = 1\n  roaming = true\n",
        ),
        (
            "hosts . pai.port = 1 # c\n",
            "hosts . pai.port = 1 # c\nhosts . pai.roaming = true\n",
        ),
        (
            "hosts = { pai = {port = 1} }\n",
            "hosts = { pai = {port = 1, roaming = true} }\n",
        ),
        (
            "[hosts]\npai.port = 1",
            "[hosts]\npai.port = 1\npai.roaming = true",
        ),
        (
            "[hosts.pai.identity]\nfile = \"/k\"\n",
            "[hosts.pai.identity]\nfile = \"/k\"\n\n[hosts.pai]\nroaming = true\n",
        ),
    ];
    for (before, after) in cases {
        let version = |rest| format!("version = 1\n{rest}");
        check(&version(before), key, &version(after));
    }
}

fn an_identity_may_change_its_kind() {
    let set = |identity: Option<Identity>| {
        move |editor: &mut InventoryEditor| {
            let mut pai = fleet(editor).hosts["pai"].clone();
            pai.identity = identity;
            editor.set_host(&pai)
        }
    };
    let file = Identity::File {
        path: "/etc/nix_key".parse().unwrap(),
        next: None,
        key: None,
        make: true,
    };
    let table = "version = 1\n[hosts.pai]\n\n# its key\n[hosts.pai.identity]\nfile = \"/k\"\n";
    let none = "version = 1\n[hosts.pai]\n";
    let host_key = "version = 1\n[hosts.pai]\nidentity = \"host-key\"\n";
    let inline = "version = 1\n[hosts.pai]\nidentity = { file = \"/etc/nix_key\", key = \"pending\", make = true }\n";
    check(table, set(Some(Identity::HostKey)), host_key);
    check(host_key, set(Some(file)), inline);
    check(inline, set(None), none);
    check(table, set(None), none);
}

/// The bytes of the old key stay, whatever its quotes, and so does what is around it.
fn a_key_becomes_two_and_one_again() {
    const OLD: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBx8Q7vLplhZPOMb7FuxBpSNyFQKwcrLQ+Hi+raEWhWa";
    const NEW: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGEH51kbBM1qlUM4etUAP4+Zlllu/FSSzwkT0ExDlkR4";
    let next = |key: Option<&str>, in_use: bool| {
        let key = key.map(|key| key.parse().unwrap());
        Some(Successor { key, in_use })
    };
    let forms = [
        "[hosts.pai]\nhost-key = 'OLD' # of 2024\nroaming = true\n",
        "[hosts.pai]\nhost-key=\"OLD\"\r\nroaming = true\r\n",
        "hosts.pai = { host-key = \"OLD\" }",
        "[hosts.pai]\nhost-key = \"OLD\"",
        "[hosts]\npai.host-key = \"OLD\"\npai.roaming = true\n",
    ];
    for form in forms {
        let text = |keys: &str| {
            format!(
                "version = 1\n{}",
                form.replace("\"OLD\"", keys).replace("'OLD'", keys)
            )
        };
        let old = form
            .contains('\'')
            .then(|| format!("'{OLD}'"))
            .unwrap_or(format!("\"{OLD}\""));
        let before = text(&old);
        let mut editor = open(&before);
        let mut texts = vec![before.clone()];
        let stages = [
            next(None, false),
            next(Some(NEW), false),
            next(Some(NEW), true),
        ];
        for stage in &stages {
            let mut pai = fleet(&editor).hosts["pai"].clone();
            pai.next_host_key.clone_from(stage);
            editor.set_host(&pai).unwrap();
            assert_eq!(
                fleet(&editor).hosts["pai"].next_host_key,
                *stage,
                "{}",
                editor.text()
            );
            texts.push(editor.text().to_owned());
        }
        assert_eq!(texts[1], text(&format!("[{old}, \"pending\"]")));
        assert_eq!(texts[2], text(&format!("[{old}, \"{NEW}\"]")));
        let back = stages.iter().rev().skip(1).cloned().chain([None]);
        for (stage, text) in back.zip(texts.iter().rev().skip(1)) {
            let mut pai = fleet(&editor).hosts["pai"].clone();
            pai.next_host_key = stage;
            editor.set_host(&pai).unwrap();
            assert_eq!(editor.text(), text);
        }
    }
}

fn a_cache_is_written_with_what_is_known() {
    let text = "version = 1\n";
    let write = |editor: &mut InventoryEditor| {
        editor.set_hosts(&[Host::named(name("pai")), Host::named(name("thor"))])?;
        let key = "thor-1:6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";
        let mut cache = cache_on_thor();
        cache.signing_key = SigningKey::Known(key.parse().unwrap());
        editor.set_cache(&cache)
    };
    check(
        text,
        write,
        "\
version = 1

[hosts.pai]

[hosts.thor]

[caches.thor]
clients = [\"@all\"]
signing-key = \"thor-1:6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=\"

[caches.thor.link.pai]
priority = 41
",
    );
}

fn a_host_that_serves_a_cache_stays() {
    let mut editor = open("version = 1\n[hosts.pai]\n[caches.pai]\n");
    let refusal = editor.remove_host(&name("pai")).unwrap_err();
    assert_eq!(refusal.message, "`pai` serves a cache");
    assert_eq!(refusal.help, ["run `larder remove-cache pai` first"]);
}

fn a_form_without_a_place_is_refused_and_left_alone() {
    let text = "version = 1\nhosts.pai = {}\ncaches.pai = { link.pai.lan = true }\n";
    let mut editor = open(text);
    let mut cache = fleet(&editor).caches["pai"].clone();
    cache.link_overrides.get_mut("pai").unwrap().port = Some(22);
    let refusal = editor.set_cache(&cache).unwrap_err();
    assert_eq!(refusal.code, "inventory-form");
    assert_eq!(editor.text(), text);
}

fn check(
    before: &str,
    change: impl FnOnce(&mut InventoryEditor) -> Result<(), Diagnostic>,
    after: &str,
) {
    let mut editor = open(before);
    change(&mut editor).unwrap();
    assert_eq!(editor.text(), after, "from\n{before}");
}

fn open(text: &str) -> InventoryEditor {
    let source = Source::new("larder.toml", text);
    InventoryEditor::open(&source).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"))
}

/// What the text means by now.
fn fleet(editor: &InventoryEditor) -> Fleet {
    read(&Source::new("larder.toml", editor.text())).unwrap()
}

fn add_client(
    editor: &mut InventoryEditor,
    cache: &str,
    client: Selector,
) -> Result<(), Diagnostic> {
    let mut cache = fleet(editor).caches[cache].clone();
    cache.clients.push(client);
    editor.set_cache(&cache)
}

fn name(text: &str) -> HostName {
    text.parse().unwrap()
}

/// A host as `add-host` makes it.
fn thor() -> Host {
    let mut host = Host::named(name("thor"));
    host.module = Some("hosts/thor.nix".to_owned());
    host.port = Some(2222);
    host.tags = vec!["desktop".parse().unwrap()];
    host
}

fn cache_on_thor() -> Cache {
    let mut cache = Cache::of(name("thor"));
    cache.clients = vec![Selector::All];
    let link = LinkOverride {
        priority: Some(41),
        ..LinkOverride::default()
    };
    cache.link_overrides.insert(name("pai"), link);
    cache
}

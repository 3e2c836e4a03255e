//! Without a commit: files written, new ones noted so that Nix sees them.

use std::fs;

use larder::internals::io::preflight::Finish::NoCommit;

use super::sandbox::{Planned, Sandbox};

trials![
    new_files_are_noted,
    several_in_a_row,
    what_was_noted_is_forgotten,
    the_index_is_untouched_where_nothing_is_new,
    other_work_stays,
    an_unborn_branch,
];

fn new_files_are_noted() {
    let sandbox = Sandbox::new();
    let applied = sandbox.apply(&sandbox.plan(), NoCommit).unwrap();
    assert_eq!(applied.commit, None);
    assert_eq!(
        sandbox.git(&["status", "--porcelain"]),
        " A larder/pai.nix\n D old.nix\n M pai.nix\n"
    );
    assert_eq!(sandbox.git(&["diff", "--cached"]), "");
    assert_eq!(sandbox.git(&["log", "--format=%s"]), "first\n");
    sandbox.assert_sound();
}

fn several_in_a_row() {
    let sandbox = Sandbox::new();
    sandbox.apply(&sandbox.plan(), NoCommit).unwrap();
    let next = Planned::new("more")
        .append(&sandbox, "pai.nix", "# more\n")
        .append(&sandbox, "larder/pai.nix", "# more\n")
        .create("larder/kalaw.nix", "{ }\n")
        .0;
    sandbox.apply(&next, NoCommit).unwrap();
    assert_eq!(
        sandbox.git(&["status", "--porcelain"]),
        " A larder/kalaw.nix\n A larder/pai.nix\n D old.nix\n M pai.nix\n"
    );
    sandbox.git(&["commit", "-q", "-a", "-m", "all of it"]);
    assert_eq!(sandbox.view(), ["", "", ""]);
    sandbox.assert_sound();
}

fn what_was_noted_is_forgotten() {
    let sandbox = Sandbox::new();
    let before = sandbox.view();
    let there = Planned::new("there").create("larder/pai.nix", "{ }\n").0;
    sandbox.apply(&there, NoCommit).unwrap();
    let back = Planned::new("back").delete(&sandbox, "larder/pai.nix").0;
    sandbox.apply(&back, NoCommit).unwrap();
    assert_eq!(sandbox.view(), before);
    assert!(!sandbox.path("larder").exists());
    sandbox.assert_sound();
}

fn the_index_is_untouched_where_nothing_is_new() {
    let sandbox = Sandbox::new();
    let index = fs::read(sandbox.path(".git/index")).unwrap();
    let plan = Planned::new("edit")
        .append(&sandbox, "pai.nix", "# more\n")
        .0;
    sandbox.apply(&plan, NoCommit).unwrap();
    assert_eq!(fs::read(sandbox.path(".git/index")).unwrap(), index);
    sandbox.assert_sound();
}

fn other_work_stays() {
    let sandbox = Sandbox::new();
    sandbox.write("kalaw.nix", "staged\n");
    sandbox.git(&["add", "kalaw.nix"]);
    sandbox.write("kalaw.nix", "edited\n");
    sandbox.write("pai.nix", "{ } # mine\n");
    let cached = sandbox.git(&["diff", "--cached"]);
    let plan = Planned::new("edit")
        .append(&sandbox, "pai.nix", "# more\n")
        .create("larder/a.nix", "{ }\n")
        .0;
    sandbox.apply(&plan, NoCommit).unwrap();
    assert_eq!(sandbox.git(&["diff", "--cached"]), cached);
    assert_eq!(
        sandbox.git(&["status", "--porcelain"]),
        "MM kalaw.nix\n A larder/a.nix\n M pai.nix\n"
    );
}

fn an_unborn_branch() {
    let sandbox = Sandbox::unborn(&[]);
    sandbox.write("flake.nix", super::sandbox::FLAKE);
    let plan = Planned::new("new").create("larder.toml", "version = 1\n").0;
    sandbox.apply(&plan, NoCommit).unwrap();
    assert_eq!(
        sandbox.git(&["status", "--porcelain"]),
        " A larder.toml\n?? flake.nix\n"
    );
    sandbox.assert_sound();
}

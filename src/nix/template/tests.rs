//! One rule of placeholders after another.

use super::*;

#[track_caller]
fn check(template: &str, values: &[(&str, Value)], expected: &str) {
    assert_eq!(render(template, values).unwrap(), expected);
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

#[test]
fn a_string_is_replaced_by_a_value() {
    check(
        "{ a = \"@x@\"; }",
        &[("x", text("q\"${b}"))],
        "{ a = \"q\\\"\\${b}\"; }",
    );
    check(
        "{ a = \"@x@\"; }",
        &[("x", Value::Path("../b.nix".into()))],
        "{ a = ../b.nix; }",
    );
    check(
        "{ a = \"@x@\"; }",
        &[("x", Value::Raw(Literal::int(8)))],
        "{ a = 8; }",
    );
}

#[test]
fn an_attribute_name_is_quoted_where_it_must_be() {
    check(
        "{ a.\"@x@\".b = 1; }",
        &[("x", text("c"))],
        "{ a.c.b = 1; }",
    );
    check(
        "{ \"@x@\" = 1; }",
        &[("x", text("c.d"))],
        "{ \"c.d\" = 1; }",
    );
}

#[test]
fn a_list_gets_one_item_a_line() {
    let template = "{\n  a = [\n    \"@x@\"\n  ];\n}\n";
    check(
        template,
        &[("x", Value::strings(["b", "c"]))],
        "{\n  a = [\n    \"b\"\n    \"c\"\n  ];\n}\n",
    );
    check(
        template,
        &[("x", Value::strings(["b"]))],
        "{\n  a = [\n    \"b\"\n  ];\n}\n",
    );
    check(
        template,
        &[("x", Value::List(vec![]))],
        "{\n  a = [ ];\n}\n",
    );
}

#[test]
fn a_list_on_one_line_opens_for_two_items() {
    let template = "{\n  a = [ \"@x@\" ];\n}\n";
    check(
        template,
        &[("x", Value::strings(["b", "c"]))],
        "{\n  a = [\n    \"b\"\n    \"c\"\n  ];\n}\n",
    );
    check(
        template,
        &[("x", Value::strings(["b"]))],
        "{\n  a = [ \"b\" ];\n}\n",
    );
    check(
        template,
        &[("x", Value::List(vec![]))],
        "{\n  a = [ ];\n}\n",
    );
}

#[test]
fn a_list_on_one_line_opens_for_an_item_that_is_too_wide() {
    let template = "{\n  a = [ \"@x@\" ];\n}\n";
    let (fits, wide) = ("b".repeat(89), "b".repeat(90));
    check(
        template,
        &[("x", Value::strings([fits.as_str()]))],
        &format!("{{\n  a = [ \"{fits}\" ];\n}}\n"),
    );
    check(
        template,
        &[("x", Value::strings([wide.as_str()]))],
        &format!("{{\n  a = [\n    \"{wide}\"\n  ];\n}}\n"),
    );
}

#[test]
fn a_list_may_hold_more_than_the_placeholder() {
    let template = "[\n  1\n  \"@x@\"\n  2\n]\n";
    check(
        template,
        &[("x", Value::strings(["b", "c"]))],
        "[\n  1\n  \"b\"\n  \"c\"\n  2\n]\n",
    );
    check(template, &[("x", Value::List(vec![]))], "[\n  1\n  2\n]\n");
}

#[test]
fn part_of_a_string_is_escaped_for_it() {
    check(
        "\"ssh://nix-ssh@@address@?priority=@n@\"",
        &[("address", text("a\"${b}")), ("n", text("30"))],
        "\"ssh://nix-ssh@a\\\"\\${b}?priority=30\"",
    );
    check(
        "''\n  Port @n@ ${x}\n''",
        &[("n", text("''${b}"))],
        "''\n  Port '''''${b} ${x}\n''",
    );
}

#[test]
fn lines_in_an_indented_string_keep_its_indentation() {
    check(
        "''\n  a\n    @x@\n''",
        &[("x", text("b\nc"))],
        "''\n  a\n    b\n    c\n''",
    );
}

#[test]
fn what_stands_beside_a_part_cannot_give_it_another_meaning() {
    check("\"$@x@\"", &[("x", text("{a}"))], "\"$\\{a}\"");
    check("\"@x@{a}\"", &[("x", text("$"))], "\"\\${a}\"");
    let both = [("x", text("$")), ("y", text("{a}"))];
    check("\"@x@@y@\"", &both, "\"$\\{a}\"");
    check("''@x@''", &[("x", text("a'"))], "''a''\\'''");
}

#[test]
fn comments_are_filled_too() {
    check("# for @x@\n{ }", &[("x", text("pai"))], "# for pai\n{ }");
    let error = render("# @x@\n{ }", &[("x", text("a\nb"))]).unwrap_err();
    assert_eq!(error, TemplateError::Unwritable("x".into()));
}

#[test]
fn every_placeholder_and_every_value_counts() {
    assert_eq!(
        render("\"@x@\"", &[]),
        Err(TemplateError::Unfilled("x".into()))
    );
    assert_eq!(
        render("\"a@b\"", &[("x", text(""))]),
        Err(TemplateError::Unused("x".into()))
    );
    let list = [("x", Value::strings(["a"]))];
    assert!(matches!(
        render("{ a = \"@x@\"; }", &list),
        Err(TemplateError::Kind { .. })
    ));
    assert!(matches!(
        render("\"a @x@\"", &list),
        Err(TemplateError::Kind { .. })
    ));
}

//! What becomes of the values of a sibling: they are for the new host as well, have its own
//! in their place, or stay behind.

use rnix::SyntaxNode;
use rnix::ast;
use rowan::ast::AstNode;

use crate::flake::entry::answer;
use crate::flake::entry::clone::cloner::{Cloner, Part};
use crate::flake::entry::entry_text::{OWN, is_plain_set};
use crate::flake::entry::hole::MODULE;
use crate::flake::entry::request::NeededValue;
use crate::flake::entry::specific::{CarryOver, is_address, plain_value};
use crate::nix::{Literal, range_of};

/// Stands for a value that is missing.
const UNKNOWN: &str = "…";

impl Cloner<'_> {
    /// Leaves an item or a binding out that only the sibling has, and gives a value that
    /// is the sibling's alone its own text.
    pub(super) fn is_left_out(&mut self, parent: &SyntaxNode, child: &SyntaxNode) -> bool {
        if is_plain_set(parent) {
            return self.part(child) != Part::Walked;
        }
        if let Some(list) = ast::List::cast(parent.clone()) {
            return if self.siblings.own.is_tuple(&list) {
                self.is_written(child)
            } else {
                self.siblings.stays_behind(child) && self.leave_out(child)
            };
        }
        let apply = ast::Apply::cast(parent.clone());
        let is_argument = apply
            .and_then(|apply| apply.argument())
            .is_some_and(|a| a.syntax() == child);
        is_argument && self.is_written(child)
    }

    /// What becomes of a binding of a set or of the entry itself.
    pub(super) fn part(&mut self, node: &SyntaxNode) -> Part {
        let binding = ast::AttrpathValue::cast(node.clone());
        let parts = binding.and_then(|binding| Some((binding.attrpath()?, binding.value()?)));
        let Some((path, value)) = parts else {
            return Part::Walked;
        };
        if let Some(part) = self.in_hole(node, &path, &value) {
            return part;
        }
        if self.is_file && self.siblings.is_about_another(node, &value) {
            self.leave_out(node);
            return Part::LeftOut;
        }
        match self.carried(&value) {
            CarryOver::Kept(None) => Part::Walked,
            CarryOver::LeftOut => {
                self.leave_out(node);
                Part::LeftOut
            }
            other => {
                self.rename(&path);
                self.write(&value, other);
                Part::Written
            }
        }
    }

    /// The module is not the sibling's: it has a text of its own.
    fn in_hole(
        &mut self,
        node: &SyntaxNode,
        path: &ast::Attrpath,
        value: &ast::Expr,
    ) -> Option<Part> {
        let range = range_of(node);
        if self.hole.value == Some(range_of(value.syntax())) {
            self.rename(path);
            let (names, value) = (range_of(path.syntax()), range_of(value.syntax()));
            self.patches
                .push((names.end..value.end, format!(" = {MODULE}")));
            return Some(Part::Written);
        }
        let at = self
            .hole
            .parts
            .iter()
            .position(|(part, _)| *part == range)?;
        if at > 0 || self.hole.value.is_some() {
            self.drop_with_space(range);
            return Some(Part::LeftOut);
        }
        let behind = self.hole.parts[0].1.clone();
        self.patches.push((behind, format!(" = {MODULE};")));
        self.rename(path);
        Some(Part::Written)
    }

    fn leave_out(&mut self, node: &SyntaxNode) -> bool {
        self.left_out.push(node.text().to_string());
        self.drop_with_space(range_of(node));
        true
    }

    /// Writes the new host's value where a value stands that cannot be left out: an
    /// argument, or a place in a tuple. False if the sibling's is walked.
    fn is_written(&mut self, value: &SyntaxNode) -> bool {
        let Some(expr) = ast::Expr::cast(value.clone()) else {
            return false;
        };
        match self.carried(&expr) {
            CarryOver::Kept(None) => false,
            other => {
                self.write(&expr, other);
                true
            }
        }
    }

    /// What becomes of a value that is written out.
    fn carried(&self, value: &ast::Expr) -> CarryOver<Option<String>> {
        let own = &self.siblings.own;
        if let Some(carried) = self.addresses(value) {
            return carried;
        }
        let Some(text) = plain_value(value) else {
            let is_module = self.is_file && matches!(value, ast::Expr::Lambda(_));
            return if is_module {
                self.siblings.own_module(value)
            } else {
                CarryOver::Kept(None)
            };
        };
        if self.siblings.host.system.as_ref() == Some(&text) {
            return CarryOver::Kept(None);
        }
        let is_model = self.new.like.is_some();
        let carried = self.siblings.own_value(value, &text, is_model);
        let given = answer::given(self.new, &own.position(value.syntax()), &text);
        let is_wanted = !matches!(carried, CarryOver::Kept(_)) || self.is_named(value);
        match given.filter(|_| is_wanted) {
            Some(given) => CarryOver::Kept(Some(literal(value, &given))),
            None => carried,
        }
    }

    /// A list of one address that no other host has: the new one is given, or missing where
    /// all hosts have such a list.
    fn addresses(&self, value: &ast::Expr) -> Option<CarryOver<Option<String>>> {
        let own = &self.siblings.own;
        let item = only_item(value)?;
        let example = plain_value(&item).filter(|text| is_address(text))?;
        let position = own.position(value.syntax());
        let plain = own.plain(value.syntax());
        let mut others = self.siblings.others.iter();
        let is_shared = others.any(|other| other.read().values.get(&position) == Some(&plain));
        if is_shared || !is_bound(value) {
            return None;
        }
        let given = answer::given(self.new, &position, &example);
        let mut others = self.siblings.others.iter();
        Some(match given {
            Some(given) => CarryOver::Kept(Some(format!("[ {} ]", literal(&item, &given)))),
            None if others.any(|other| !other.read().values.contains_key(&position)) => {
                CarryOver::LeftOut
            }
            None => CarryOver::Needed,
        })
    }

    /// True if `--set` names the value.
    fn is_named(&self, value: &ast::Expr) -> bool {
        let keys = answer::keys(&self.siblings.own.position(value.syntax()));
        keys.iter().any(|key| self.new.values.contains_key(key))
    }

    fn write(&mut self, value: &ast::Expr, what: CarryOver<Option<String>>) {
        let range = range_of(value.syntax());
        let text = if let CarryOver::Kept(Some(text)) = what {
            text.replace(OWN, &self.new.name)
        } else {
            let position = self.siblings.own.position(value.syntax());
            let others = self.siblings.others.iter();
            let theirs = others.filter_map(|other| other.read().values.get(&position));
            let needed = NeededValue {
                taken: theirs
                    .map(|value| value.trim_matches('"').to_owned())
                    .collect(),
                key: answer::keys(&position).swap_remove(0),
                example: only_item(value)
                    .as_ref()
                    .and_then(plain_value)
                    .or_else(|| plain_value(value))
                    .unwrap_or_default(),
            };
            self.needed.push((needed, range.clone()));
            UNKNOWN.to_owned()
        };
        self.patches.push((range, text));
    }
}

fn is_bound(value: &ast::Expr) -> bool {
    let above = value.syntax().parent();
    above.is_some_and(|above| ast::AttrpathValue::can_cast(above.kind()))
}

/// The item of a list of one.
fn only_item(value: &ast::Expr) -> Option<ast::Expr> {
    let ast::Expr::List(list) = value else {
        return None;
    };
    let mut items = list.items();
    items.next().filter(|_| items.next().is_none())
}

/// A value in the form of the sibling's: a text, or as it was given.
fn literal(sibling: &ast::Expr, given: &str) -> String {
    let is_number =
        |text: &str| text.parse::<f64>().is_ok() || ["true", "false", "null"].contains(&text);
    match sibling {
        ast::Expr::Str(_) => Literal::string(given).to_string(),
        _ if is_number(given) => given.to_owned(),
        _ => Literal::string(given).to_string(),
    }
}

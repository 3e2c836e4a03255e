//! The modules that were not read, which may define what the others do not.

use std::rc::Rc;

use super::super::value::{Attrs, Value};

/// What is known of the modules that were not read.
#[derive(Clone, Default)]
pub(super) struct Unread {
    /// The names of those of inputs that larder does not know.
    pub(super) foreign: Vec<Rc<str>>,
    /// An option that is set, and declared by no module that was read.
    pub(super) undeclared: Option<Rc<str>>,
    /// Why some of the repository's own could not be followed.
    pub(super) why: Option<Rc<str>>,
}

impl Unread {
    pub(super) fn add_foreign(&mut self, name: impl Into<Rc<str>>) {
        let name = name.into();
        if !self.foreign.contains(&name) {
            self.foreign.push(name);
        }
    }

    pub(super) fn add_own(&mut self, why: impl Into<Rc<str>>) {
        self.why.get_or_insert_with(|| why.into());
    }

    /// The set, open where one of these modules may have put names into it: one of the
    /// repository always may, and one of an input is thought of where nothing else did.
    pub(super) fn opened(&self, value: Value) -> Value {
        let Value::Attrs(attrs) = &value else {
            return value;
        };
        let why = self.why.clone();
        let of_others = || self.foreign_alone().or_else(|| self.undeclared_alone());
        let why = why.or_else(|| of_others().filter(|_| attrs.slots.is_empty()));
        match why {
            Some(why) if attrs.rest.is_none() => Attrs {
                rest: Some(Value::Unknown(why)),
                ..(**attrs).clone()
            }
            .into(),
            _ => value,
        }
    }

    fn undeclared_alone(&self) -> Option<Rc<str>> {
        let name = self.undeclared.as_ref()?;
        Some(format!("larder does not know the option `{name}`, which may define them").into())
    }

    fn foreign_alone(&self) -> Option<Rc<str>> {
        let names: Vec<String> = self
            .foreign
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        match names.as_slice() {
            [] => None,
            [one] => Some(
                format!("larder does not know the flake module {one}, which may define them")
                    .into(),
            ),
            all => {
                let all = all.join(", ");
                Some(
                    format!("larder does not know the flake modules {all}, which may define them")
                        .into(),
                )
            }
        }
    }
}

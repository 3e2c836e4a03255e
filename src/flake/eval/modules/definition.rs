//! The definition of one option by one module, with its conditions and its priority.

use super::super::Eval;
use super::super::thunk::Thunk;
use super::super::value::{Attrs, FileSpan, Origin, Slot, Value};
use std::rc::Rc;

/// nixpkgs' priority of a plain definition; lower wins.
const PLAIN: i64 = 100;

/// Where nixpkgs has a plain definition among others; lower comes first.
const IN_THE_MIDDLE: i64 = 1000;

/// A definition with the `mkIf` and `mkForce` around it.
#[derive(Clone)]
pub(super) struct OptionDefinition {
    pub(super) value: Thunk,
    pub(super) origin: Option<Rc<Origin>>,
    /// Where the value is written, if nobody had asked for it before.
    written: Option<FileSpan>,
    conditions: Vec<Thunk>,
    priority: i64,
    /// Of `mkBefore`, `mkAfter` and `mkOrder`.
    order: i64,
}

impl OptionDefinition {
    pub(super) fn plain(slot: &Slot) -> Self {
        Self {
            value: slot.value.clone(),
            origin: slot.origin.clone(),
            written: slot.value.written(),
            conditions: Vec::new(),
            priority: PLAIN,
            order: IN_THE_MIDDLE,
        }
    }

    /// The same conditions around another value.
    pub(super) fn around(&self, slot: &Slot) -> Self {
        Self {
            value: slot.value.clone(),
            origin: slot.origin.clone().or_else(|| self.origin.clone()),
            written: slot.value.written(),
            ..self.clone()
        }
    }

    /// Unwraps `mkMerge`, `mkIf` and `mkOverride`: the plain definitions, each with its
    /// value.
    pub(super) fn expand(self, eval: &mut Eval, into: &mut Vec<(Self, Value)>) {
        let value = eval.force(&self.value);
        let Some((tag, attrs)) = tagged(eval, &value) else {
            into.push((self, value));
            return;
        };
        let field = |name: &str| attrs.slots.get(name).map(|slot| slot.value.clone());
        let content = field("content").map(Slot::new);
        let priority = |eval: &mut Eval| match field("priority").map(|p| eval.force(&p)) {
            Some(Value::Int(priority)) => Some(priority),
            _ => None,
        };
        match (&*tag, content) {
            ("if", Some(content)) => {
                let mut inner = self.around(&content);
                inner.conditions.extend(field("condition"));
                inner.expand(eval, into);
            }
            ("override", Some(content)) => {
                let mut inner = self.around(&content);
                inner.priority = priority(eval).unwrap_or(inner.priority);
                inner.expand(eval, into);
            }
            ("order", Some(content)) => {
                let mut inner = self.around(&content);
                inner.order = priority(eval).unwrap_or(inner.order);
                inner.expand(eval, into);
            }
            ("merge", _) => {
                let contents = field("contents").map(|contents| eval.force(&contents));
                let Some(Value::List(contents)) = contents else {
                    into.push((self, Value::unknown("what `mkMerge` merges is not known")));
                    return;
                };
                for content in &contents.items {
                    self.around(&Slot::new(content.clone())).expand(eval, into);
                }
                if let Some(why) = &contents.open {
                    into.push((self, Value::Unknown(why.clone())));
                }
            }
            _ => into.push((self, value)),
        }
    }

    /// How many bytes around this place belong to it; `None` if it is written elsewhere.
    pub(super) fn covers(&self, place: &FileSpan) -> Option<usize> {
        let origin = match self.origin.as_deref() {
            Some(Origin::Binding(span)) => Some(span),
            _ => None,
        };
        let spans = [self.written.as_ref(), origin].into_iter().flatten();
        let around = spans.filter(|span| span.covers(place));
        around.map(|span| span.range.len()).min()
    }

    /// True if this place is within its value: a condition there chooses what it says.
    pub(super) fn says_at(&self, place: &FileSpan) -> bool {
        self.written.as_ref().is_some_and(|span| span.covers(place))
    }

    /// Whether its conditions hold; `None` if that depends on something unknown.
    pub(super) fn holds(&self, eval: &mut Eval) -> Option<bool> {
        let mut answer = Some(true);
        for condition in &self.conditions {
            match eval.force(condition) {
                Value::Bool(true) => {}
                Value::Bool(false) => return Some(false),
                _ => answer = None,
            }
        }
        answer
    }
}

impl OptionDefinition {
    /// Which of its conditions is not known, and why.
    fn why_undecided(&self, eval: &mut Eval) -> Rc<str> {
        let values = self
            .conditions
            .iter()
            .map(|condition| eval.force(condition));
        let undecided = values
            .into_iter()
            .find(|value| !matches!(value, Value::Bool(_)));
        let why = undecided.map(|value| value.doubt()).unwrap_or_default();
        format!("it is set under a condition: {why}").into()
    }
}

/// Definitions in force: those whose conditions do not fail, of the best priority, in order.
pub(super) fn in_force(
    eval: &mut Eval,
    all: Vec<(OptionDefinition, Value)>,
) -> Vec<(OptionDefinition, Value)> {
    let mut holding: Vec<(OptionDefinition, Value)> = Vec::new();
    for (definition, value) in all {
        match definition.holds(eval) {
            Some(true) => holding.push((definition, value)),
            Some(false) => {}
            None => {
                let why = definition.why_undecided(eval);
                holding.push((definition, Value::Unknown(why)));
            }
        }
    }
    let best = holding
        .iter()
        .map(|(definition, _)| definition.priority)
        .min();
    holding.retain(|(definition, _)| Some(definition.priority) == best);
    holding.sort_by_key(|(definition, _)| definition.order);
    holding
}

/// The tag of `mkIf` and its kin, with their fields.
pub(super) fn tagged(eval: &mut Eval, value: &Value) -> Option<(Rc<str>, Rc<Attrs>)> {
    let Value::Attrs(attrs) = value else {
        return None;
    };
    if !attrs.slots.contains_key("_type") {
        return None;
    }
    match eval.select(value, "_type") {
        Value::Str(tag) => Some((tag.text, attrs.clone())),
        _ => None,
    }
}

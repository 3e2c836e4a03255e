//! Builtins about lists. What is not known about a list leaves the result open.

use std::rc::Rc;

use super::super::equal::{same, undecided};
use super::super::thunk::Thunk;
use super::super::value::{Attrs, List, Slot, Value};
use super::super::{Eval, operator};
use super::{Builtin, not};

pub(super) const ALL: &[Builtin] = &[
    ("all", 2, |e, a| quantify(e, a, false)),
    ("any", 2, |e, a| quantify(e, a, true)),
    ("concatLists", 1, concat_lists),
    ("concatMap", 2, concat_map),
    ("elem", 2, elem),
    ("elemAt", 2, elem_at),
    ("filter", 2, filter),
    ("foldl'", 3, foldl),
    ("genList", 2, gen_list),
    ("groupBy", 2, group_by),
    ("head", 1, head),
    ("length", 1, length),
    ("map", 2, map),
    ("partition", 2, partition),
    ("sort", 2, sort),
    ("tail", 1, tail),
];

/// The longest list that is made from a number.
const LONGEST: i64 = 100_000;

/// The list; for a value that is not known, an open list without items.
pub(super) fn list(eval: &mut Eval, thunk: &Thunk) -> Rc<List> {
    match eval.force(thunk) {
        Value::List(list) => list,
        other => Rc::new(List {
            items: Vec::new(),
            open: Some(not("a list", &other).doubt()),
        }),
    }
}

/// A list that is known to the end, or the `Unknown` to return.
pub(super) fn closed(eval: &mut Eval, thunk: &Thunk) -> Result<Rc<List>, Value> {
    let list = list(eval, thunk);
    match &list.open {
        Some(why) => Err(Value::Unknown(why.clone())),
        None => Ok(list),
    }
}

pub(super) fn later(function: &Thunk, args: impl IntoIterator<Item = Thunk>) -> Thunk {
    let (function, args) = (function.clone(), args.into_iter().collect::<Vec<_>>());
    Thunk::call(move |eval| {
        let start = eval.force(&function);
        args.into_iter().fold(start, |f, arg| eval.apply(&f, arg))
    })
}

fn map(eval: &mut Eval, args: &[Thunk]) -> Value {
    let all = list(eval, &args[1]);
    eval.spend(all.items.len());
    let items = all
        .items
        .iter()
        .map(|item| later(&args[0], [item.clone()]))
        .collect();
    List {
        items,
        open: all.open.clone(),
    }
    .into()
}

fn test(eval: &mut Eval, predicate: &Thunk, item: &Thunk) -> Result<bool, Value> {
    let predicate = eval.force(predicate);
    match eval.apply(&predicate, item.clone()) {
        Value::Bool(answer) => Ok(answer),
        other => Err(not("a boolean", &other)),
    }
}

fn filter(eval: &mut Eval, args: &[Thunk]) -> Value {
    let all = list(eval, &args[1]);
    let mut out = List {
        items: Vec::new(),
        open: all.open.clone(),
    };
    for item in &all.items {
        match test(eval, &args[0], item) {
            Ok(true) => out.items.push(item.clone()),
            Ok(false) => {}
            Err(unknown) => out.open = Some(unknown.doubt()),
        }
    }
    out.into()
}

fn quantify(eval: &mut Eval, args: &[Thunk], decisive: bool) -> Value {
    let all = list(eval, &args[1]);
    let mut doubt = all.open.clone();
    for item in &all.items {
        match test(eval, &args[0], item) {
            Ok(answer) if answer == decisive => return Value::Bool(decisive),
            Ok(_) => {}
            Err(unknown) => doubt = Some(unknown.doubt()),
        }
    }
    doubt.map_or(Value::Bool(!decisive), Value::Unknown)
}

fn elem(eval: &mut Eval, args: &[Thunk]) -> Value {
    let wanted = eval.force(&args[0]);
    let all = list(eval, &args[1]);
    let mut doubt = all.open.clone();
    for item in &all.items {
        let item = eval.force(item);
        match same(eval, &wanted, &item) {
            Some(true) => return Value::Bool(true),
            Some(false) => {}
            None => doubt = Some(undecided(&wanted, &item).doubt()),
        }
    }
    doubt.map_or(Value::Bool(false), Value::Unknown)
}

fn nth(eval: &mut Eval, list: &List, index: usize) -> Value {
    match list.items.get(index) {
        Some(item) => eval.force(item),
        None => Value::unknown("a list is shorter than that"),
    }
}

fn head(eval: &mut Eval, args: &[Thunk]) -> Value {
    closed(eval, &args[0]).map_or_else(|unknown| unknown, |list| nth(eval, &list, 0))
}

fn elem_at(eval: &mut Eval, args: &[Thunk]) -> Value {
    let list = match closed(eval, &args[0]) {
        Ok(list) => list,
        Err(unknown) => return unknown,
    };
    match eval.force(&args[1]) {
        Value::Int(index) => nth(eval, &list, usize::try_from(index).unwrap_or(usize::MAX)),
        other => not("an index", &other),
    }
}

fn tail(eval: &mut Eval, args: &[Thunk]) -> Value {
    match closed(eval, &args[0]) {
        Ok(list) => Value::list(list.items.iter().skip(1).cloned().collect()),
        Err(unknown) => unknown,
    }
}

fn length(eval: &mut Eval, args: &[Thunk]) -> Value {
    match closed(eval, &args[0]) {
        Ok(list) => Value::Int(i64::try_from(list.items.len()).unwrap_or(i64::MAX)),
        Err(unknown) => unknown,
    }
}

fn concat_lists(eval: &mut Eval, args: &[Thunk]) -> Value {
    let all = list(eval, &args[0]);
    let mut values = vec![Value::from(List {
        items: Vec::new(),
        open: all.open.clone(),
    })];
    values.extend(all.items.iter().map(|item| eval.force(item)));
    operator::join(eval, &values.iter().collect::<Vec<_>>())
}

fn concat_map(eval: &mut Eval, args: &[Thunk]) -> Value {
    let mapped = map(eval, args);
    concat_lists(eval, &[Thunk::done(mapped)])
}

fn foldl(eval: &mut Eval, args: &[Thunk]) -> Value {
    let all = match closed(eval, &args[2]) {
        Ok(all) => all,
        Err(unknown) => return unknown,
    };
    let function = eval.force(&args[0]);
    let start = eval.force(&args[1]);
    all.items.iter().fold(start, |value, item| {
        eval.apply_all(&function, [Thunk::done(value), item.clone()])
    })
}

fn gen_list(eval: &mut Eval, args: &[Thunk]) -> Value {
    match eval.force(&args[1]) {
        Value::Int(n @ 0..=LONGEST) => {
            eval.spend(usize::try_from(n).unwrap_or_default());
            let item = |i| later(&args[0], [Thunk::done(Value::Int(i))]);
            Value::list((0..n).map(item).collect())
        }
        other => not("a length", &other),
    }
}

fn partition(eval: &mut Eval, args: &[Thunk]) -> Value {
    let all = list(eval, &args[1]);
    let mut sides = [Vec::new(), Vec::new()];
    let mut open = all.open.clone();
    for item in &all.items {
        match test(eval, &args[0], item) {
            Ok(answer) => sides[usize::from(answer)].push(item.clone()),
            Err(unknown) => open = Some(unknown.doubt()),
        }
    }
    let [wrong, right] = sides.map(|items| {
        Value::from(List {
            items,
            open: open.clone(),
        })
    });
    Attrs::of([("right", right), ("wrong", wrong)]).into()
}

fn group_by(eval: &mut Eval, args: &[Thunk]) -> Value {
    let all = list(eval, &args[1]);
    let function = eval.force(&args[0]);
    let mut attrs = Attrs {
        rest: all.open.clone().map(Value::Unknown),
        ..Attrs::default()
    };
    let mut groups: std::collections::BTreeMap<Rc<str>, Vec<Thunk>> =
        std::collections::BTreeMap::new();
    for item in &all.items {
        match eval.apply(&function, item.clone()) {
            Value::Str(key) => groups.entry(key.text).or_default().push(item.clone()),
            other => attrs.rest = Some(not("a name", &other)),
        }
    }
    for (name, items) in groups {
        attrs.insert(name, Slot::done(Value::list(items)));
    }
    attrs.into()
}

/// Insertion sort: it calls a function of Nix, and the lists are short.
fn sort(eval: &mut Eval, args: &[Thunk]) -> Value {
    let all = list(eval, &args[1]);
    let function = eval.force(&args[0]);
    let mut sorted: Vec<Thunk> = Vec::new();
    for item in &all.items {
        let mut at = sorted.len();
        while at > 0 {
            match eval.apply_all(&function, [item.clone(), sorted[at - 1].clone()]) {
                Value::Bool(true) => at -= 1,
                Value::Bool(false) => break,
                other => return not("a boolean", &other),
            }
        }
        sorted.insert(at, item.clone());
    }
    List {
        items: sorted,
        open: all.open.clone(),
    }
    .into()
}

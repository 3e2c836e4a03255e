//! Where in a flake's outputs the hosts are.

use crate::flake::eval::Eval;
use crate::flake::eval::value::{Attrs, Value};
use crate::flake::framework;

/// `nixosConfigurations`, or the nodes of colmena's hive in a flake that has only these.
pub(super) fn of(eval: &mut Eval, outputs: &Value) -> Value {
    let own = eval.select(outputs, "nixosConfigurations");
    let Value::Attrs(all) = outputs else {
        return own;
    };
    let has_own = match &own {
        Value::Attrs(own) => !own.slots.is_empty(),
        _ => all.slots.contains_key("nixosConfigurations"),
    };
    if has_own {
        return own;
    }
    nodes(eval, outputs, all).unwrap_or(own)
}

fn nodes(eval: &mut Eval, outputs: &Value, all: &Attrs) -> Option<Value> {
    let made = all.slots.contains_key("colmenaHive");
    let made = made.then(|| eval.select(outputs, "colmenaHive"));
    let hive = || {
        let hive = all.slots.get("colmena")?;
        let hive = eval.force(&hive.value);
        framework::hive(eval, hive)
    };
    let hive = made.or_else(hive)?;
    let nodes = eval.select(&hive, "nodes");
    matches!(&nodes, Value::Attrs(nodes) if !nodes.slots.is_empty()).then_some(nodes)
}

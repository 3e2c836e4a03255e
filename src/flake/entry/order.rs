//! Where a new entry goes among the others.

/// The entry behind which the new one goes: in order if the entries are in order of
/// their names, else the last.
///
/// `entries` are in order of place.
pub(super) fn predecessor<T>(entries: Vec<(&str, T)>, new: &str) -> Option<T> {
    let is_sorted = entries.len() > 2 && entries.is_sorted_by_key(|(name, _)| *name);
    let before = |(name, _): &(&str, T)| is_sorted && *name < new;
    let index = entries.iter().rposition(before);
    let index = index.or(entries.len().checked_sub(1))?;
    entries.into_iter().nth(index).map(|(_, entry)| entry)
}

#[cfg(test)]
mod tests {
    use super::predecessor;

    #[track_caller]
    fn check(names: &[&str], expected: Option<&str>) {
        let entries = names.iter().map(|name| (*name, *name)).collect();
        assert_eq!(predecessor(entries, "m"), expected, "{names:?}");
    }

    #[test]
    fn a_new_entry_keeps_the_order_of_names() {
        check(&["a", "b", "z"], Some("b"));
        check(&["n", "o", "p"], Some("p"));
        check(&["z", "a", "b"], Some("b"));
        // Two are in order by chance.
        check(&["a", "z"], Some("z"));
        check(&[], None);
    }
}

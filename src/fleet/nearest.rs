//! What did they mean?

/// The candidate that a mistyped word most likely means; `None` if none is near.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let distance = |candidate: &str| strsim::osa_distance(&word, &candidate.to_lowercase());
    candidates
        .into_iter()
        .map(|candidate| (distance(candidate), candidate))
        .filter(|(distance, candidate)| *distance <= tolerance(word.len().max(candidate.len())))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A third of the letters may be wrong, and at least one.
fn tolerance(length: usize) -> usize {
    (length / 3).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        assert_eq!(nearest("paai", ["kalaw", "pai"]), Some("pai"));
        assert_eq!(nearest("Adress", ["port", "address"]), Some("address"));
        assert_eq!(
            nearest("x86-64_linux", ["aarch64-linux", "x86_64-linux"]),
            Some("x86_64-linux")
        );
    }

    #[test]
    fn another_word_is_not_taken_for_this_one() {
        assert_eq!(nearest("colour", ["port", "address"]), None);
        assert_eq!(nearest("x", []), None);
    }
}

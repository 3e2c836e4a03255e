//! Paths in URIs.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but what RFC 3986 calls unreserved, and the `/` between folders.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// A path as a URI has it (RFC 3986, section 3.3).
pub fn uri_path(path: &str) -> String {
    utf8_percent_encode(path, ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_a_uri_is_encoded() {
        assert_eq!(uri_path("a-b._~/c d#?%"), "a-b._~/c%20d%23%3F%25");
        assert_eq!(uri_path("ä"), "%C3%A4");
    }
}

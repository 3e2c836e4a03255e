//! The parts of an SSH key blob: each has a length of four bytes, then its bytes (RFC 4251,
//! section 5, `string`).

/// Reads the parts of a blob in order.
pub(super) struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    pub(super) fn of(blob: &'a [u8]) -> Self {
        Self(blob)
    }

    /// The next part; `None` if the blob ends before the part does.
    pub(super) fn next(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (part, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(part)
    }

    /// The parts after this many bytes.
    pub(super) fn after(&self, bytes: usize) -> Option<Self> {
        self.0.get(bytes..).map(Self)
    }

    /// True if all bytes are read.
    pub(super) fn is_done(&self) -> bool {
        self.0.is_empty()
    }
}

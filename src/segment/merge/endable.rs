//! An output that fails once the work is given up.

use std::io::{self, Write};

/// Writes to `out` until the work is given up.
pub(super) struct Endable<'g, W> {
    pub(super) out: W,
    pub(super) is_given_up: &'g dyn Fn() -> bool,
}

impl<W: Write> Write for Endable<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match (self.is_given_up)() {
            true => Err(io::Error::other("the merge was given up")),
            false => self.out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

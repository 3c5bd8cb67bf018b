//! Segments with changed bytes behind right checksums, for tests that look behind them.

use super::format::{Entry, Footer, Kind, PAGE_BYTES, TAIL_BYTES, Tail};

/// Returns the segment with bytes of one section changed and every checksum made right again.
///
/// Checksums turn chance damage away before any decoder sees it; what is behind them is reached only so. `section` and
/// the places are taken modulo what there is. Sections that hold an `fst` are left out: that crate trusts what the
/// checksums cover. `None` where `bytes` are no segment.
#[doc(hidden)]
pub fn resealed(bytes: &[u8], section: usize, changes: &[(u32, u8)]) -> Option<Vec<u8>> {
    let tail_start = bytes.len().checked_sub(TAIL_BYTES)?;
    let (tail, _) = Tail::read(bytes.get(tail_start..)?, bytes.len() as u64)?;
    let pages_end = usize::try_from(tail.footer_offset).ok()?;
    let mut footer = Footer::read(bytes.get(pages_end..tail_start)?, tail.footer_offset).ok()?;
    let mut changed = bytes.get(..pages_end)?.to_vec();
    let open: Vec<&Entry> = footer.entries.iter().filter(|entry| has_no_fst(entry)).collect();
    let entry = open.get(section.checked_rem(open.len())?)?;
    for (at, byte) in changes {
        let at = entry.offset + u64::from(*at).checked_rem(entry.length)?;
        *changed.get_mut(usize::try_from(at).ok()?)? = *byte;
    }
    footer.pages = changed.chunks(PAGE_BYTES).map(crc32fast::hash).collect();
    let footer = footer.bytes();
    let tail = Tail { footer_checksum: crc32fast::hash(&footer), ..tail };
    changed.extend_from_slice(&footer);
    changed.extend_from_slice(&tail.bytes());
    Some(changed)
}

fn has_no_fst(entry: &Entry) -> bool {
    entry.length > 0 && !matches!(entry.kind, Kind::Terms | Kind::Stems | Kind::NameWords)
}

//! Bars and sparklines: numbers as lengths and heights.

/// Eighths of a character, from one to all of it.
const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/// Heights of a sparkline, lowest first.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Heights of a sparkline where only ASCII can be shown.
const ASCII_HEIGHTS: [char; 8] = ['_', '.', ',', '-', '~', '=', '*', '#'];

/// Returns a bar of at most `width` characters, as long as `value` is to `max`.
///
/// A value above zero always shows something.
pub(super) fn bar(value: f64, max: f64, width: usize, unicode: bool) -> String {
    if value.is_nan() || value <= 0.0 || max <= 0.0 {
        return String::new();
    }
    let share = (value / max).clamp(0.0, 1.0);
    if !unicode {
        return "#".repeat(((share * width as f64).round() as usize).max(1));
    }
    let eighths = ((share * width as f64 * 8.0).round() as usize).max(1);
    let mut bar = "█".repeat(eighths / 8);
    bar.extend((eighths % 8).checked_sub(1).and_then(|rest| EIGHTHS.get(rest)));
    bar
}

/// Returns one character a value, at most `width`; longer series show the mean of neighbours.
pub(super) fn sparkline(values: &[f64], width: usize, unicode: bool) -> String {
    let heights = if unicode { HEIGHTS } else { ASCII_HEIGHTS };
    let values = condensed(values, width.max(1));
    let max = values.iter().copied().fold(0.0, f64::max);
    let height = |value: &f64| {
        let share = if max > 0.0 { (value / max).clamp(0.0, 1.0) } else { 0.0 };
        // The lowest height is that of nothing at all.
        let least = usize::from(share > 0.0);
        let step = ((share * (heights.len() - 1) as f64).round() as usize).max(least);
        heights.get(step).copied().unwrap_or(' ')
    };
    values.iter().map(height).collect()
}

/// Returns at most `width` values, each the mean of as many neighbours as the others.
fn condensed(values: &[f64], width: usize) -> Vec<f64> {
    let together = values.len().div_ceil(width).max(1);
    values.chunks(together).map(|chunk| chunk.iter().sum::<f64>() / chunk.len() as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_have_eighths_and_never_vanish() {
        assert_eq!(bar(10.0, 10.0, 4, true), "████");
        assert_eq!(bar(5.5, 10.0, 4, true), "██▎");
        assert_eq!(bar(0.001, 10.0, 4, true), "▏");
        assert_eq!(bar(0.0, 10.0, 4, true), "");
        assert_eq!(bar(f64::NAN, 10.0, 4, true), "");
        assert_eq!(bar(5.0, 10.0, 4, false), "##");
    }

    #[test]
    fn sparklines_span_from_lowest_to_highest() {
        assert_eq!(sparkline(&[0.0, 2.0, 7.0, 4.0], 10, true), "▁▃█▅");
        assert_eq!(sparkline(&[0.0, 0.1, 7.0], 10, true), "▁▂█");
        assert_eq!(sparkline(&[0.0, 7.0], 10, false), "_#");
        assert_eq!(sparkline(&[0.0, 0.0], 10, true), "▁▁");
        assert_eq!(sparkline(&[], 10, true), "");
        assert_eq!(sparkline(&[1.0, 3.0, 4.0, 4.0, 0.0], 3, true).chars().count(), 3);
    }
}

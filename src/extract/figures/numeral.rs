//! Numbers in digits and in words.

/// Reads digits with separators and a glued scale: `350,000`, `3.5`, `8bn`.
pub(super) fn digits(term: &str) -> Option<(f64, f64)> {
    let end = term.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(term.len());
    let (number, letters) = term.split_at_checked(end)?;
    let scale = match letters {
        "" => 1.0,
        "k" => 1e3,
        "m" | "mn" => 1e6,
        "bn" | "b" => 1e9,
        "tn" => 1e12,
        _ => return None,
    };
    let mut groups = number.split(',');
    let first = groups.next()?;
    let grouped = groups.clone().all(|group| group.split('.').next().is_some_and(|whole| whole.len() == 3));
    let plain: String = std::iter::once(first).chain(groups).collect();
    let value: f64 = if grouped && plain.len() <= 18 { plain.parse().ok()? } else { return None };
    Some((value, scale))
}

/// Returns the value of a word for a number below a hundred.
///
/// Every word of an article is asked about, so the bytes are matched, which decides by length first.
pub(in crate::extract) fn spelled(term: &str) -> Option<u8> {
    Some(match term.as_bytes() {
        b"zero" => 0,
        b"one" => 1,
        b"two" => 2,
        b"three" => 3,
        b"four" => 4,
        b"five" => 5,
        b"six" => 6,
        b"seven" => 7,
        b"eight" => 8,
        b"nine" => 9,
        b"ten" => 10,
        b"eleven" => 11,
        b"twelve" => 12,
        b"thirteen" => 13,
        b"fourteen" => 14,
        b"fifteen" => 15,
        b"sixteen" => 16,
        b"seventeen" => 17,
        b"eighteen" => 18,
        b"nineteen" => 19,
        b"twenty" => 20,
        b"thirty" => 30,
        b"forty" => 40,
        b"fifty" => 50,
        b"sixty" => 60,
        b"seventy" => 70,
        b"eighty" => 80,
        b"ninety" => 90,
        _ => return None,
    })
}

/// Returns the least that a word for an uncertain number stands for.
pub(super) fn vague(term: &str) -> Option<f64> {
    Some(match term.as_bytes() {
        b"dozens" => 24.0,
        b"hundreds" => 100.0,
        b"thousands" => 1_000.0,
        b"millions" => 1e6,
        _ => return None,
    })
}

/// Returns what a word for a scale multiplies by.
pub(super) fn scale_of(term: &str) -> Option<f64> {
    Some(match term {
        "hundred" => 100.0,
        "thousand" => 1e3,
        "million" | "mln" | "m" => 1e6,
        "billion" | "bln" | "bn" => 1e9,
        "trillion" => 1e12,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_may_be_grouped_and_scaled() {
        for (term, value) in [
            ("350,000", Some((350_000.0, 1.0))),
            ("3.5", Some((3.5, 1.0))),
            ("8bn", Some((8.0, 1e9))),
            ("1,2", None),
            ("12th", None),
            ("abc", None),
            ("", None),
        ] {
            assert_eq!(digits(term), value, "{term}");
        }
    }

    #[test]
    fn words_are_numbers_below_a_hundred() {
        for (term, value) in
            [("zero", Some(0)), ("nineteen", Some(19)), ("ninety", Some(90)), ("hundred", None)]
        {
            assert_eq!(spelled(term), value, "{term}");
        }
        assert_eq!((vague("hundreds"), scale_of("mln")), (Some(100.0), Some(1e6)));
    }
}

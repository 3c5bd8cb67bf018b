//! Time expressions: days, weeks, months, seasons and years that the text names, as closed ranges of days.
//!
//! Relative ones are read against the day of publication: a weekday is the nearest one not after it, unless a word such
//! as "until" or "scheduled" stands close by. "That day" and "three years later" are read against the expression before.
//! Without the day that they need they keep their span and stay unresolved.

mod days;
mod reader;
mod relative;

use jiff::civil;

use self::days::Days;
use self::reader::Reader;
use super::page::Page;
use crate::article::DateExpression;

/// Returns the time expressions of a page, in order; `published` is the day of publication.
pub fn find(page: &Page<'_>, published: Option<civil::Date>) -> Vec<DateExpression> {
    let mut found = Vec::new();
    let mut last = None;
    for sentence in &page.sentences {
        let mut at = sentence.start;
        while at < sentence.end {
            let reader = Reader { page, sentence: sentence.clone(), published, last };
            let Some((words, days)) = reader.expression(at) else {
                at += 1;
                continue;
            };
            at = words.end.max(at + 1);
            last = days.or(last);
            found.push(DateExpression { span: page.span(&words), days: days.map(Days::range) });
            // "April 24 and 25" names two days.
            let reader = Reader { last, ..reader };
            if let Some((words, days)) = reader.second_day(at) {
                at = words.end;
                last = days.or(last);
                found.push(DateExpression { span: page.span(&words), days: days.map(Days::range) });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::days::moved;
    use super::*;
    use crate::article::DayRange;
    use crate::text::Span;

    fn found(text: &str, published: Option<&str>) -> Vec<(String, Option<String>)> {
        let page = Page::new(text, Span::default(), &[Span::new(0, text.len())]);
        let published = published.map(|day| day.parse().expect("a day"));
        let day = |epoch: i32| {
            moved(civil::Date::constant(1970, 1, 1), i64::from(epoch)).expect("a day").to_string()
        };
        let show = |days: DayRange| format!("{}..{}", day(days.from), day(days.to));
        find(&page, published)
            .iter()
            .map(|date| (date.span.of(text).to_owned(), date.days.map(show)))
            .collect()
    }

    #[test]
    fn expressions_resolve_against_the_day_of_publication() {
        // Monday.
        let published = Some("2018-09-03");
        for (text, words, days) in [
            ("He came on Friday.", "Friday", "2018-08-31..2018-08-31"),
            ("They are due to meet on Friday.", "Friday", "2018-09-07..2018-09-07"),
            ("He came on Monday morning.", "Monday morning", "2018-09-03..2018-09-03"),
            ("He came last week.", "last week", "2018-08-27..2018-09-02"),
            ("Since early 2017 they talk.", "early 2017", "2017-01-01..2017-04-30"),
            ("It broke out in 2011.", "2011", "2011-01-01..2011-12-31"),
            ("He left last year.", "last year", "2017-01-01..2017-12-31"),
            ("He left on June 1, 2015, alone.", "June 1, 2015", "2015-06-01..2015-06-01"),
            ("He left on 1 June.", "1 June", "2018-06-01..2018-06-01"),
            ("He left on December 30.", "December 30", "2018-12-30..2018-12-30"),
            ("He left in October.", "October", "2017-10-01..2017-10-31"),
            ("He left in late August.", "late August", "2018-08-21..2018-08-31"),
            ("He left three days ago.", "three days ago", "2018-08-31..2018-08-31"),
            ("He left in the 1990s.", "1990s", "1990-01-01..1999-12-31"),
            ("On 2018-08-30 he left.", "2018-08-30", "2018-08-30..2018-08-30"),
            ("He left yesterday.", "yesterday", "2018-09-02..2018-09-02"),
            ("He left earlier this year.", "this year", "2018-01-01..2018-09-03"),
            ("He left last November.", "last November", "2017-11-01..2017-11-30"),
            ("They will meet in October.", "October", "2018-10-01..2018-10-31"),
            ("He left in October last year.", "October last year", "2017-10-01..2017-10-31"),
            ("He left last summer.", "last summer", "2018-06-01..2018-08-31"),
            ("He left in the summer of 2001.", "summer of 2001", "2001-06-01..2001-08-31"),
            (
                "It rained in the spring and summer of 2001.",
                "spring and summer of 2001",
                "2001-03-01..2001-08-31",
            ),
            ("It rained in early summer of 2001.", "early summer of 2001", "2001-06-01..2001-06-30"),
            ("It snowed in late winter of 2001.", "late winter of 2001", "2002-02-01..2002-02-28"),
            (
                "It rained in mid summer and fall of 2001.",
                "mid summer and fall of 2001",
                "2001-08-01..2001-09-30",
            ),
            (
                "It rained in the winter and spring of 2001.",
                "winter and spring of 2001",
                "2000-12-01..2001-05-31",
            ),
            ("It broke out in mid 2011.", "mid 2011", "2011-05-01..2011-08-31"),
            ("He left in late February 2012.", "late February 2012", "2012-02-21..2012-02-29"),
            ("He left a decade ago.", "a decade ago", "2008-01-01..2008-12-31"),
            ("It followed a 1967 outbreak.", "1967", "1967-01-01..1967-12-31"),
            ("He left on Thanksgiving Day.", "Thanksgiving Day", "2017-11-23..2017-11-23"),
            ("On Friday, the council will vote.", "Friday", "2018-09-07..2018-09-07"),
            ("He may go as early as Friday.", "Friday", "2018-09-07..2018-09-07"),
            ("He was last seen Oct. 23.", "Oct. 23", "2018-10-23..2018-10-23"),
        ] {
            assert_eq!(found(text, published), [(words.to_owned(), Some(days.to_owned()))], "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_range_ends_before_it_begins(
            words in proptest::collection::vec(
                prop::sample::select(vec![
                    "early", "mid", "late", "spring", "summer", "fall", "winter", "and", "of", "to", "2001", "2018", "1990s",
                    "in", "last", "next", "this", "earlier", "later", "year", "years", "week", "Monday", "Friday", "through",
                    "May", "February", "31", "29", "that", "day", "three", "ago", "Thanksgiving", "will", "2100s", "999",
                ]),
                1..12,
            ),
            published in prop::option::of((1i16..=9998, 1i8..=12, 1i8..=28)),
        ) {
            let text = words.join(" ");
            let page = Page::new(&text, Span::default(), &[Span::new(0, text.len())]);
            let day = published.and_then(|(year, month, day)| civil::Date::new(year, month, day).ok());
            for days in find(&page, day).into_iter().filter_map(|date| date.days) {
                prop_assert!(days.from <= days.to, "{text}: {days:?}");
            }
        }
    }

    #[test]
    fn the_last_season_named_first_is_no_range() {
        let found = found("It rained in the fall and spring of 2001.", None);
        assert_eq!(found, [("fall and spring of 2001".to_owned(), None)]);
    }

    #[test]
    fn without_a_day_of_publication_only_absolute_ones_resolve() {
        assert_eq!(found("He came on Friday.", None), [("Friday".into(), None)]);
        assert_eq!(
            found("In 2011 it began.", None),
            [("2011".into(), Some("2011-01-01..2011-12-31".into()))]
        );
    }

    #[test]
    fn some_are_read_against_the_one_before() {
        for (text, second, days) in [
            ("They met on April 24 and 25.", "25", "2018-04-25..2018-04-25"),
            ("It fell on June 1, 2015; that day he left.", "that day", "2015-06-01..2015-06-01"),
            (
                "They left in 2011. They were back three years later.",
                "three years later",
                "2014-01-01..2014-12-31",
            ),
            ("They mourn from Wednesday through Friday.", "Friday", "2018-08-31..2018-08-31"),
        ] {
            let all = found(text, Some("2018-09-03"));
            assert_eq!(all.get(1), Some(&(second.to_owned(), Some(days.to_owned()))), "{text}");
        }
    }

    #[test]
    fn durations_are_no_dates() {
        for text in ["He was there for the last week.", "It fell over the past year."] {
            assert_eq!(found(text, Some("2018-09-03")), [], "{text}");
        }
    }

    #[test]
    fn counts_ages_and_words_are_no_dates() {
        for text in [
            "He may come.",
            "There were 2000 soldiers.",
            "March on, May said.",
            "Aged 12, he left for 3 years.",
        ] {
            assert_eq!(found(text, Some("2018-09-03")), [], "{text}");
        }
    }
}

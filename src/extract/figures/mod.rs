//! Figures: people, money and percentages that the article reports, with their bounds.
//!
//! A number counts people where a word for people or a trigger such as "killed" stands near it in its sentence; ages,
//! dates, measures and scores are left alone.

pub(super) mod numeral;

mod unit;

use std::ops::Range;

use self::numeral::{digits, scale_of, spelled, vague};
use self::unit::{currency_sign, currency_word, is_measure, is_people, is_person};
use super::lexicon::Class;
use super::page::{Gap, Page, PageWord, Shape};
use crate::article::{Bound, Category, Figure};
use crate::value::Number;

/// Words after a number that may say what it counts.
const AFTER_WORDS: usize = 7;

/// Words before a number that may say what it counts.
const BEFORE_WORDS: usize = 5;

/// Most words of scale after a number.
const SCALES_MAX: usize = 2;

/// Words before a number that may name what it counts where nothing follows it.
const NOUN_WORDS_BEFORE: usize = 10;

/// Returns the figures of a page, in order.
pub fn find(page: &Page<'_>) -> Vec<Figure> {
    let mut found = Vec::new();
    for sentence in &page.sentences {
        let reader = Reader { page, sentence: sentence.clone() };
        let mut at = sentence.start;
        while at < sentence.end {
            match reader.number(at) {
                Some(number) => {
                    found.extend(reader.figure(&number));
                    at = number.words.end.max(at + 1);
                }
                None => at += 1,
            }
        }
    }
    found
}

/// A number in digits or words.
struct Numeral {
    words: Range<usize>,
    value: f64,
    /// Vague ones such as "hundreds" are at least their value.
    is_vague: bool,
    /// The first of two numbers, as in `15-25 million`.
    is_range: bool,
}

struct Reader<'p, 'a> {
    page: &'p Page<'a>,
    sentence: Range<usize>,
}

impl Reader<'_, '_> {
    fn word(&self, index: usize) -> Option<&PageWord> {
        if self.sentence.contains(&index) { self.page.words.get(index) } else { None }
    }

    fn term(&self, index: usize) -> &str {
        self.word(index).map_or("", |word| self.page.term(word))
    }

    fn gap(&self, index: usize) -> Gap {
        self.word(index).map_or(Gap::Start, |word| word.gap)
    }

    /// Reads the number that starts at a word.
    fn number(&self, at: usize) -> Option<Numeral> {
        let word = self.word(at)?;
        if self.is_code(at) {
            return None;
        }
        if let Some(value) = vague(self.term(at)) {
            let counts = self.term(at + 1) == "of" || (at > 0 && self.term(at - 1) == "the");
            return counts.then_some(Numeral { words: at..at + 1, value, is_vague: true, is_range: false });
        }
        let (mut value, mut end, glued) = match word.shape {
            Shape::Number => {
                digits(self.term(at)).map(|(value, scale)| (value * scale, at + 1, scale > 1.0))?
            }
            _ => self.spelled(at)?,
        };
        let is_range = self.gap(end) == Gap::Hyphen && digits(self.term(end)).is_some();
        end += usize::from(is_range);
        let half =
            self.term(at) == "half" && self.term(at + 1) == "a" && scale_of(self.term(at + 2)).is_some();
        end += usize::from(half);
        let reaches = self.end_of_range(end);
        end = reaches.unwrap_or(end);
        // "two hundred thousand" is scaled twice.
        let scales = if glued { 0 } else { SCALES_MAX };
        for _ in 0..scales {
            let Some(scale) = scale_of(self.term(end)) else { break };
            if !matches!(self.gap(end), Gap::Space | Gap::Hyphen) {
                break;
            }
            value *= scale;
            end += 1;
        }
        let is_vague = reaches.is_some();
        Some(Numeral { words: at..end, value, is_vague, is_range })
    }

    /// Tells whether the number is part of a code such as `SARS-CoV-2`, or the whole of "nine out of ten".
    fn is_code(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1).and_then(|index| self.word(index)) else { return false };
        let code = self.gap(at) == Gap::Hyphen && before.is_capital();
        let whole = self.page.term(before) == "of" && at > 1 && self.term(at - 2) == "out";
        code || whole
    }

    /// Returns the end of "five to six" before a scale: what is counted is at least the first.
    fn end_of_range(&self, end: usize) -> Option<usize> {
        let is_number = digits(self.term(end + 1)).is_some() || spelled(self.term(end + 1)).is_some();
        let scaled = scale_of(self.term(end + 2)).is_some();
        (self.term(end) == "to" && is_number && scaled).then_some(end + 2)
    }

    /// `twenty-three`, `four`, `a hundred`.
    fn spelled(&self, at: usize) -> Option<(f64, usize, bool)> {
        if self.term(at) == "half" && self.term(at + 1) == "a" && scale_of(self.term(at + 2)).is_some() {
            return Some((0.5, at + 1, false));
        }
        let first = spelled(self.term(at)).map(f64::from)?;
        let next = spelled(self.term(at + 1)).map(f64::from).filter(|&next| next < 10.0 && first >= 20.0);
        let hyphen = matches!(self.gap(at + 1), Gap::Hyphen | Gap::Space);
        match next.filter(|_| hyphen) {
            Some(next) => Some((first + next, at + 2, false)),
            None => Some((first, at + 1, false)),
        }
    }

    fn figure(&self, number: &Numeral) -> Option<Figure> {
        let counted = self.money(number).or_else(|| self.percent(number)).or_else(|| self.people(number))?;
        let bound = match self.bound(number.words.start) {
            _ if number.is_vague => Bound::AtLeast,
            Bound::Exactly if number.is_range => Bound::About,
            bound => bound,
        };
        let value = Number::from_f64(number.value)?;
        let Counted { category, unit, words } = counted;
        let mut span = self.page.span(&words);
        span.start -= self.sign_bytes(&words, category);
        if category == Category::Percent && self.page.text.get(span.end as usize..)?.starts_with('%') {
            span.end += 1;
        }
        Some(Figure { span, category, bound, value, unit: unit.to_owned() })
    }

    /// Returns the text right before a word.
    fn before(&self, index: usize) -> &str {
        let end = self.word(index).map_or(0, |word| word.span.start as usize);
        let text = self.page.text.get(..end).unwrap_or("");
        let start = end.saturating_sub(8);
        (start..=end).find_map(|start| text.get(start..)).unwrap_or("")
    }

    fn sign_bytes(&self, words: &Range<usize>, category: Category) -> u32 {
        let sign = if category == Category::Money { currency_sign(self.before(words.start)) } else { None };
        sign.map_or(0, |(sign, _)| u32::try_from(sign.len()).unwrap_or(0))
    }

    fn money(&self, number: &Numeral) -> Option<Counted> {
        if let Some((_, unit)) = currency_sign(self.before(number.words.start)) {
            return Some(Counted { category: Category::Money, unit, words: number.words.clone() });
        }
        let end = number.words.end;
        let adjective = usize::from(self.word(end).is_some_and(PageWord::is_capital));
        let unit = currency_word(self.term(end + adjective)).filter(|_| self.gap(end) == Gap::Space)?;
        let words = number.words.start..end + adjective + 1;
        Some(Counted { category: Category::Money, unit, words })
    }

    fn percent(&self, number: &Numeral) -> Option<Counted> {
        let end = number.words.end;
        let last = self.word(end.checked_sub(1)?)?;
        let sign = self.page.text.get(last.span.end as usize..)?.starts_with('%');
        let words = match (self.term(end), self.term(end + 1)) {
            _ if sign => number.words.clone(),
            ("percent" | "pct", _) => number.words.start..end + 1,
            ("per", "cent") => number.words.start..end + 2,
            _ => return None,
        };
        Some(Counted { category: Category::Percent, unit: "percent", words })
    }

    fn people(&self, number: &Numeral) -> Option<Counted> {
        if self.is_no_count(number) {
            return None;
        }
        let counted = Counted { category: Category::Other, unit: "people", words: number.words.clone() };
        if let Some(category) = self.nearest_trigger(number) {
            return Some(Counted { category, ..counted });
        }
        let end = number.words.end;
        let mut nouns =
            (end..end + 3).take_while(|&index| matches!(self.gap(index), Gap::Space | Gap::Hyphen));
        let is_one = number.value == 1.0;
        let noun = nouns.find(|&index| {
            let term = self.term(index);
            is_people(term) || (is_one && is_person(term))
        });
        if noun.is_some_and(|noun| self.counts_troops(noun)) {
            return Some(Counted { category: Category::Troops, ..counted });
        }
        if noun.is_some() || self.counts_of_noun_before(number) {
            return Some(counted);
        }
        None
    }

    /// "army personnel"
    fn counts_troops(&self, noun: usize) -> bool {
        let before = noun.checked_sub(1).map_or("", |before| self.term(before));
        self.term(noun) == "personnel"
            && matches!(before, "army" | "military" | "navy" | "security" | "force")
    }

    /// "the number of cases rose to 58"
    fn counts_of_noun_before(&self, number: &Numeral) -> bool {
        let (start, end) = (number.words.start, number.words.end);
        let reaches = start > self.sentence.start
            && matches!(
                self.term(start - 1),
                "to" | "at"
                    | "surpassed"
                    | "surpasses"
                    | "passed"
                    | "reached"
                    | "exceeded"
                    | "topped"
                    | "over"
                    | "than"
            );
        let nothing_counted = !matches!(self.gap(end), Gap::Space | Gap::Hyphen)
            || matches!(self.term(end), "in" | "on" | "by" | "as" | "since" | "across" | "from");
        let first = start.saturating_sub(NOUN_WORDS_BEFORE).max(self.sentence.start);
        let noun = (first..start).rev().take_while(|&index| !self.is_number(index));
        let has_noun =
            || noun.map(|index| self.term(index)).any(|term| matches!(term, "cases" | "infections"));
        reaches && nothing_counted && has_noun()
    }

    /// Ages, dates, times, measures and ranks count nobody.
    fn is_no_count(&self, number: &Numeral) -> bool {
        let (start, end) = (number.words.start, number.words.end);
        let next = self.term(end);
        let before = self.term(start.wrapping_sub(1));
        let alone = start > self.sentence.start;
        let dated = alone
            && self.word(start - 1).is_some_and(|word| word.class.is(Class::MONTH) && word.is_capital());
        let month_after = self.word(end).is_some_and(|word| word.class.is(Class::MONTH) && word.is_capital());
        let age = alone
            && (matches!(before, "aged" | "age")
                || (self.gap(start) == Gap::Comma && self.gap(end) == Gap::Comma));
        let year = number.value.fract() == 0.0
            && (1800.0..2100.0).contains(&number.value)
            && self.word(start).is_some_and(|word| word.shape == Shape::Number && word.span.len() == 4);
        let clock = matches!(self.gap(end), Gap::Break)
            && self
                .page
                .text
                .get(self.page.span(&number.words).end as usize..)
                .is_some_and(|rest| rest.starts_with(':'));
        dated || month_after || age || year || clock || is_measure(next) || number.value < 1.0
    }

    /// Finds the word nearest to the number that says what happened to those counted.
    fn nearest_trigger(&self, number: &Numeral) -> Option<Category> {
        let end = number.words.end;
        let clause = |index: &usize| !matches!(self.gap(*index), Gap::Start | Gap::Break) || *index == end;
        let after = (end..end + AFTER_WORDS).take_while(clause).enumerate();
        let after = after.take_while(|(distance, index)| *distance == 0 || !self.is_number(*index));
        let after = after.filter_map(|(distance, index)| Some((distance * 2, self.trigger(index, true)?)));
        let start = number.words.start;
        let before = (start.saturating_sub(BEFORE_WORDS).max(self.sentence.start)..start).rev().enumerate();
        let before =
            before.take_while(|(_, index)| !self.is_number(*index) && !self.opens_clause(*index + 1, start));
        let before =
            before.filter_map(|(distance, index)| Some((distance * 2 + 1, self.trigger(index, false)?)));
        after.chain(before).min_by_key(|(distance, _)| *distance).map(|(_, category)| category)
    }

    /// Tells whether a new clause opens at a word before a number: "20 were arrested, and 2 were hurt".
    fn opens_clause(&self, index: usize, number: usize) -> bool {
        let including = matches!(self.term(index), "including" | "among" | "with");
        let listed = index == number && self.gap(index) == Gap::Comma;
        (self.gap(index) == Gap::Comma && !including && !listed)
            || (matches!(self.term(index), "and" | "but") && index < number)
    }

    fn is_number(&self, index: usize) -> bool {
        self.word(index).is_some_and(|word| word.shape == Shape::Number)
            || spelled(self.term(index)).is_some()
    }

    fn trigger(&self, index: usize, after: bool) -> Option<Category> {
        Some(match self.term(index) {
            "killed" | "dead" | "died" | "deaths" | "fatalities" | "kills" | "killing" | "die" | "bodies" => {
                Category::Deaths
            }
            "death" | "deaths'" if matches!(self.term(index + 1), "toll" | "count") || after => {
                Category::Deaths
            }
            "toll" if !after => Category::Deaths,
            "injured" | "wounded" | "hurt" | "injuries" | "injuring" | "wounding" | "injures" | "wounds" => {
                Category::Injured
            }
            "displaced" | "fled" | "homeless" | "evacuated" | "displacing" | "refugees" => {
                Category::Displaced
            }
            "arrested" | "detained" | "arrests" | "arresting" | "detaining" | "arrest" => Category::Arrested,
            "troops" | "soldiers" | "peacekeepers" if after => Category::Troops,
            _ => return None,
        })
    }

    /// Reads the words right before a number that bound it.
    fn bound(&self, start: usize) -> Bound {
        let back = |distance: usize| {
            let index = start.wrapping_sub(distance);
            if self.sentence.contains(&index) { self.term(index) } else { "" }
        };
        match (back(2), back(1)) {
            ("more" | "greater" | "higher", "than") => Bound::Above,
            (
                _,
                "over" | "above" | "exceeding" | "exceeded" | "surpassed" | "surpasses" | "surpassing"
                | "topped" | "topping" | "tops" | "passed" | "exceeds" | "beyond",
            ) => Bound::Above,
            ("estimated", "at" | "to") => Bound::About,
            ("at", "least") | ("no", "fewer") => Bound::AtLeast,
            ("fewer" | "less", "than") if back(3) == "no" => Bound::AtLeast,
            ("fewer" | "less" | "lower", "than") | (_, "under" | "below") => Bound::Below,
            (
                _,
                "about" | "around" | "some" | "approximately" | "roughly" | "nearly" | "almost" | "estimated",
            ) => Bound::About,
            ("as", "many") => Bound::About,
            _ => Bound::Exactly,
        }
    }
}

/// What a number was found to count.
struct Counted {
    category: Category,
    unit: &'static str,
    words: Range<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn found(text: &str) -> Vec<(String, Category, Bound, f64, String)> {
        let page = Page::new(text, Span::default(), &[Span::new(0, text.len())]);
        let show = |f: Figure| (f.span.of(text).to_owned(), f.category, f.bound, f.value.as_f64(), f.unit);
        find(&page).into_iter().map(show).collect()
    }

    #[test]
    fn figures_have_category_bound_and_value() {
        use Bound::{About, Above, AtLeast, Below, Exactly};
        use Category::{Arrested, Deaths, Displaced, Injured, Money, Other, Percent, Troops};
        for (text, words, category, bound, value, unit) in [
            ("It has left over 350,000 people dead.", "350,000", Deaths, Above, 350_000.0, "people"),
            (
                "The blast killed at least twenty-three people.",
                "twenty-three",
                Deaths,
                AtLeast,
                23.0,
                "people",
            ),
            ("About 40 were wounded.", "40", Injured, About, 40.0, "people"),
            ("Some 1.5 million people fled.", "1.5 million", Displaced, About, 1.5e6, "people"),
            ("Police arrested 12 protesters.", "12", Arrested, Exactly, 12.0, "people"),
            ("Fewer than 5,000 troops stayed.", "5,000", Troops, Below, 5_000.0, "people"),
            ("It cost US$3.2 billion.", "US$3.2 billion", Money, Exactly, 3.2e9, "USD"),
            ("Losses reached £8bn.", "£8bn", Money, Exactly, 8e9, "GBP"),
            ("Prices rose 3.5% in May.", "3.5%", Percent, Exactly, 3.5, "percent"),
            ("Four people have contracted it.", "Four", Other, Exactly, 4.0, "people"),
            ("Hundreds of people died.", "Hundreds", Deaths, AtLeast, 100.0, "people"),
            ("They put the death count in the hundreds.", "hundreds", Deaths, AtLeast, 100.0, "people"),
            ("The number of cases rose to 58.", "58", Other, Exactly, 58.0, "people"),
            (
                "Two hundred thousand customers were cut off.",
                "Two hundred thousand",
                Other,
                Exactly,
                2e5,
                "people",
            ),
            ("Over half a million customers were cut off.", "half a million", Other, Above, 5e5, "people"),
            ("It took five to six million euros.", "five to six million euros", Money, AtLeast, 5e6, "EUR"),
            ("It sent 26 army personnel.", "26", Troops, Exactly, 26.0, "people"),
        ] {
            let expected = (words.to_owned(), category, bound, value, unit.to_owned());
            assert_eq!(found(text), [expected], "{text}");
        }
    }

    #[test]
    fn two_figures_keep_their_own_triggers() {
        let all: Vec<_> =
            found("The attack left 26 killed and 40 injured.").into_iter().map(|f| (f.3, f.1)).collect();
        assert_eq!(all, [(26.0, Category::Deaths), (40.0, Category::Injured)]);
        let all: Vec<_> = found("Twenty people were arrested, and two police officers were injured.")
            .into_iter()
            .map(|f| (f.3, f.1))
            .collect();
        assert_eq!(all, [(20.0, Category::Arrested), (2.0, Category::Injured)]);
    }

    #[test]
    fn ages_dates_and_measures_count_nobody() {
        for text in [
            "Judith, 44, was killed.",
            "He died on June 5.",
            "He was killed 3 km away.",
            "In 2011 they died.",
            "He was killed at 10:30.",
            "It was linked to SARS-CoV-2 infections, and COVID-19 killed.",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}

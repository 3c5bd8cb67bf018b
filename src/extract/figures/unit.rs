//! What is counted: currencies, measures, people.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::extract::tagger::hash::Hashed;

/// Returns the currency sign that ends a text, and its ISO 4217 code.
pub(super) fn currency_sign(before: &str) -> Option<(&'static str, &'static str)> {
    const SIGNS: [(&str, &str); 12] = [
        ("US$", "USD"),
        ("A$", "AUD"),
        ("AU$", "AUD"),
        ("C$", "CAD"),
        ("NZ$", "NZD"),
        ("HK$", "HKD"),
        ("R$", "BRL"),
        ("$", "USD"),
        ("£", "GBP"),
        ("€", "EUR"),
        ("¥", "JPY"),
        ("₹", "INR"),
    ];
    SIGNS.into_iter().filter(|(sign, _)| before.ends_with(sign)).max_by_key(|(sign, _)| sign.len())
}

/// Returns the ISO 4217 code of a word for a currency.
pub(super) fn currency_word(term: &str) -> Option<&'static str> {
    Some(match term {
        "dollars" | "dollar" | "dlrs" => "USD",
        "euros" | "euro" => "EUR",
        "pounds" => "GBP",
        "yen" => "JPY",
        "rupees" => "INR",
        "yuan" => "CNY",
        "rubles" | "roubles" => "RUB",
        "rand" => "ZAR",
        "baht" => "THB",
        "ringgit" => "MYR",
        "rupiah" => "IDR",
        "shekels" => "ILS",
        "zloty" | "zlotys" => "PLN",
        "hryvnia" => "UAH",
        "naira" => "NGN",
        "lira" | "liras" => "TRY",
        "marks" | "dmarks" => "DEM",
        "stg" => "GBP",
        "francs" => "CHF",
        _ => return None,
    })
}

/// Tells whether a noun measures time, length, weight or rank, so that the number before it counts nobody.
pub(super) fn is_measure(term: &str) -> bool {
    matches!(
        term,
        "year"
            | "years"
            | "month"
            | "months"
            | "week"
            | "weeks"
            | "day"
            | "days"
            | "hour"
            | "hours"
            | "minute"
            | "minutes"
            | "second"
            | "seconds"
            | "km"
            | "kilometers"
            | "kilometres"
            | "miles"
            | "mile"
            | "meters"
            | "metres"
            | "feet"
            | "foot"
            | "inches"
            | "tons"
            | "tonnes"
            | "kg"
            | "mph"
            | "kph"
            | "degrees"
            | "am"
            | "pm"
            | "a.m"
            | "p.m"
            | "th"
            | "st"
            | "nd"
            | "rd"
            | "times"
            | "points"
            | "acres"
            | "hectares"
            | "barrels"
            | "gmt"
    )
}

/// Tells whether a noun is one for people, or for what befalls them one by one.
pub(super) fn is_people(term: &str) -> bool {
    static NOUNS: LazyLock<HashSet<&'static str, Hashed>> =
        LazyLock::new(|| PEOPLE.split_whitespace().collect());
    NOUNS.contains(term)
}

/// Tells whether a noun is one for a single person.
pub(super) fn is_person(term: &str) -> bool {
    matches!(
        term,
        "person"
            | "child"
            | "woman"
            | "man"
            | "officer"
            | "policeman"
            | "soldier"
            | "civilian"
            | "case"
            | "protester"
    )
}

const PEOPLE: &str = "\
    people persons civilians children women men protesters demonstrators refugees migrants passengers students workers \
    residents rebels militants fighters policemen officers prisoners hostages victims patients individuals others \
    employees families troops soldiers cases voters villagers gunmen insurgents journalists survivors palestinians \
    israelis americans iraqis afghans syrians infections customers personnel pupils members athletes players fans \
    citizens immigrants hikers tourists detainees inmates suspects attackers bombers boys girls males females adults \
    teenagers doctors nurses teachers staff crew supporters delegates lawmakers senators deputies firefighters officials \
    bystanders pilgrims shoppers worshippers subscribers users visitors travelers travellers spectators participants \
    volunteers recruits veterans farmers miners runners households sailors crewmembers crewmen fishermen monks nuns priests clerics activists commuters \
    drivers motorists candidates guests jihadists terrorists extremists separatists rioters looters mourners";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_sign_names_the_currency() {
        for (before, code) in [("cost US$", "USD"), ("cost HK$", "HKD"), ("cost $", "USD"), ("£", "GBP")] {
            assert_eq!(currency_sign(before).map(|(_, code)| code), Some(code), "{before}");
        }
        assert_eq!((currency_sign("cost "), currency_word("stg")), (None, Some("GBP")));
    }

    #[test]
    fn people_are_counted_and_measures_are_not() {
        assert!(is_people("civilians") && is_person("civilian") && is_measure("km"));
        assert!(!is_people("km") && !is_person("civilians") && !is_measure("people"));
    }
}

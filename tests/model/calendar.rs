//! A calendar of the twin's own, from day numbers alone: no date library, no code of the database.
//!
//! Dates arrive as the text that they print as, and leave as spans of seconds.

use dateline::date::{Date, Unit};

const DAY: i64 = 86_400;

/// A half-open span of seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub start: i64,
    pub end: i64,
}

/// What a date says: a stretch of its own clock, and that clock's offset where it names one.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    pub wall: Stretch,
    pub offset: Option<i64>,
    pub is_civil: bool,
}

impl Reading {
    pub fn of(date: Date) -> Reading {
        read(&date.to_string())
    }

    /// The instants it spans for a reader `zone` seconds east of UTC.
    pub fn instants(self, zone: i64) -> Stretch {
        let shift = self.offset.unwrap_or(zone);
        Stretch { start: self.wall.start - shift, end: self.wall.end - shift }
    }

    /// The clock of a reader `zone` seconds east of UTC; civil dates stay as they are.
    pub fn wall_in(self, zone: i64) -> Stretch {
        if self.is_civil {
            return self.wall;
        }
        let instants = self.instants(zone);
        Stretch { start: instants.start + zone, end: instants.end + zone }
    }
}

/// Reads a date as it is printed; the text is one that the database printed, so it has one of the known forms.
pub fn read(text: &str) -> Reading {
    let number = |range: std::ops::Range<usize>| text[range].parse::<i64>().unwrap();
    let year = number(0..4);
    let (wall, rest) = match &text[4..] {
        "" => (stretch(first_of(year, 1), first_of(year + 1, 1)), ""),
        tail if tail.starts_with("-Q") => {
            let month = (number(6..7) - 1) * 3 + 1;
            (stretch(first_of(year, month), first_of(year, month + 3)), "")
        }
        tail if tail.starts_with("-W") => {
            let monday = monday_of_week(year, number(6..8));
            (stretch(monday, monday + 7), "")
        }
        tail if tail.len() == 3 => {
            let month = number(5..7);
            (stretch(first_of(year, month), first_of(year, month + 1)), "")
        }
        tail => {
            let day = day_number(year, number(5..7), number(8..10));
            (stretch(day, day + 1), &tail[6..])
        }
    };
    if rest.is_empty() {
        return Reading { wall, offset: None, is_civil: true };
    }
    let (start, length, zone) = read_time(&rest[1..]);
    let start = wall.start + start;
    Reading { wall: Stretch { start, end: start + length }, offset: read_zone(zone), is_civil: false }
}

/// Reads `14:30` or `14:30:05`: its second of the day, its length, and what follows.
fn read_time(text: &str) -> (i64, i64, &str) {
    let number = |from: usize| text[from..from + 2].parse::<i64>().unwrap();
    let minutes = number(0) * 60 + number(3);
    if text[5..].starts_with(':') {
        (minutes * 60 + number(6), 1, &text[8..])
    } else {
        (minutes * 60, 60, &text[5..])
    }
}

pub fn read_zone(text: &str) -> Option<i64> {
    let sign = match text.chars().next()? {
        'Z' => return Some(0),
        '-' => -1,
        _ => 1,
    };
    let number = |from: usize| text[from..from + 2].parse::<i64>().unwrap();
    Some(sign * (number(1) * 3_600 + number(4) * 60))
}

fn stretch(first_day: i64, day_after: i64) -> Stretch {
    Stretch { start: first_day * DAY, end: day_after * DAY }
}

/// The number of a day, counted from 1970-01-01; months past December run on into the next year.
pub fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = (year + (month - 1).div_euclid(12), (month - 1).rem_euclid(12) + 1);
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The year, month and day of a day number, found by looking.
pub fn civil(day: i64) -> (i64, i64, i64) {
    let mut year = 1970 + day.div_euclid(366);
    while first_of(year + 1, 1) <= day {
        year += 1;
    }
    while first_of(year, 1) > day {
        year -= 1;
    }
    let month = (1..=12).rev().find(|&month| first_of(year, month) <= day).unwrap();
    (year, month, day - first_of(year, month) + 1)
}

fn first_of(year: i64, month: i64) -> i64 {
    day_number(year, month, 1)
}

/// Days since Monday.
pub fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

/// Week 1 of an ISO year is the one that holds 4 January.
fn monday_of_week(year: i64, week: i64) -> i64 {
    let fourth = day_number(year, 1, 4);
    fourth - weekday(fourth) + (week - 1) * 7
}

/// The bucket that holds a second of a wall clock.
pub fn bucket(unit: Unit, wall: i64) -> Stretch {
    let day = wall.div_euclid(DAY);
    let (year, month, _) = civil(day);
    let quarter = (month - 1) / 3 * 3 + 1;
    let fixed = |length: i64| {
        let start = wall.div_euclid(length) * length;
        Stretch { start, end: start + length }
    };
    match unit {
        Unit::Minute => fixed(60),
        Unit::Hour => fixed(3_600),
        Unit::Day => fixed(DAY),
        Unit::Week => stretch(day - weekday(day), day - weekday(day) + 7),
        Unit::Month => stretch(first_of(year, month), first_of(year, month + 1)),
        Unit::Quarter => stretch(first_of(year, quarter), first_of(year, quarter + 3)),
        Unit::Year => stretch(first_of(year, 1), first_of(year + 1, 1)),
    }
}

/// How a bucket is written: `2018`, `2018-Q3`, `2018-09`, `2018-W36`, `2018-09-01`, `2018-09-01T14:00`.
pub fn bucket_name(unit: Unit, start: i64) -> String {
    let day = start.div_euclid(DAY);
    let (year, month, day_of_month) = civil(day);
    let minutes = start.rem_euclid(DAY) / 60;
    match unit {
        Unit::Year => format!("{year:04}"),
        Unit::Quarter => format!("{year:04}-Q{}", (month - 1) / 3 + 1),
        Unit::Month => format!("{year:04}-{month:02}"),
        Unit::Week => {
            let (iso_year, ..) = civil(day + 3);
            format!("{iso_year:04}-W{:02}", (day - monday_of_week(iso_year, 1)) / 7 + 1)
        }
        Unit::Day => format!("{year:04}-{month:02}-{day_of_month:02}"),
        Unit::Hour | Unit::Minute => {
            format!("{year:04}-{month:02}-{day_of_month:02}T{:02}:{:02}", minutes / 60, minutes % 60)
        }
    }
}

#[test]
fn the_calendar_knows_the_corners() {
    assert_eq!(day_number(1970, 1, 1), 0);
    assert_eq!(day_number(2000, 3, 1) - day_number(2000, 2, 28), 2);
    assert_eq!(day_number(2100, 3, 1) - day_number(2100, 2, 28), 1);
    assert_eq!(day_number(2018, 13, 1), day_number(2019, 1, 1));
    for day in [-719_162, -1, 0, 11_016, 17_775, 2_932_896] {
        let (year, month, of_month) = civil(day);
        assert_eq!(day_number(year, month, of_month), day);
    }
    assert_eq!(weekday(day_number(2018, 9, 3)), 0, "3 September 2018 was a Monday");
    assert_eq!(bucket_name(Unit::Week, day_number(2020, 12, 28) * DAY), "2020-W53");
    assert_eq!(read("2018-09-01T06:00+03:00").instants(0).start, read("2018-09-01T03:00Z").instants(0).start);
}

//! Calendar buckets.

use crate::date::{Date, Offset, Unit};

/// Puts dates into buckets of one unit, on the wall clock of one zone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Calendar {
    pub unit: Unit,
    pub zone: Offset,
}

impl Calendar {
    /// Returns the calendar of a unit in a zone.
    pub(crate) fn new(unit: Unit, zone: Offset) -> Calendar {
        Calendar { unit, zone }
    }

    /// Returns the start of the bucket that holds all of a date, on the wall clock; `None` where none does.
    ///
    /// A month lies in a quarter and not in a week; it is not guessed into one.
    pub(crate) fn bucket(&self, date: Date) -> Option<i64> {
        let date = date.in_zone(self.zone);
        let start = self.unit.floor(date.wall())?;
        (date.wall_end() <= self.end(start)).then_some(start)
    }

    /// Tells whether all of a date lies between `start` and `end` on the wall clock.
    pub(crate) fn holds(&self, start: i64, end: i64, date: Date) -> bool {
        let date = date.in_zone(self.zone);
        start <= date.wall() && date.wall_end() <= end
    }

    /// Returns the end of the bucket that starts at `start`.
    pub(crate) fn end(&self, start: i64) -> i64 {
        self.unit.next(start).unwrap_or(i64::MAX)
    }

    /// Lists the buckets from the one that starts at `first` to the one that starts at `last`, or as many of them as
    /// are needed to exceed `most`.
    pub(crate) fn list(&self, first: i64, last: i64, most: usize) -> Vec<i64> {
        let following = |start: &i64| self.unit.next(*start).filter(|next| *next <= last);
        std::iter::successors((first <= last).then_some(first), following).take(most + 1).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(unit: Unit, date: &str, zone_minutes: i16) -> Option<String> {
        let calendar = Calendar::new(unit, Offset::from_minutes(zone_minutes).unwrap());
        let start = calendar.bucket(date.parse().unwrap())?;
        Some(unit.bucket(start).to_string())
    }

    #[test]
    fn coarse_dates_are_not_guessed_into_a_bucket() {
        assert_eq!(bucket(Unit::Month, "2018-09-30", 0).as_deref(), Some("2018-09"));
        assert_eq!(bucket(Unit::Month, "2018-09", 0).as_deref(), Some("2018-09"));
        assert_eq!(bucket(Unit::Quarter, "2018-09", 0).as_deref(), Some("2018-Q3"));
        assert_eq!(bucket(Unit::Week, "2018-09", 0), None);
        assert_eq!(bucket(Unit::Month, "2018", 0), None);
        assert_eq!(bucket(Unit::Month, "2018-W36", 0).as_deref(), Some("2018-09"));
        assert_eq!(bucket(Unit::Month, "2018-W35", 0), None, "from August into September");
    }

    #[test]
    fn instants_are_read_on_the_clock_of_the_zone() {
        assert_eq!(bucket(Unit::Day, "2018-09-01T22:30Z", 180).as_deref(), Some("2018-09-02"));
        assert_eq!(bucket(Unit::Day, "2018-09-01T22:30Z", 0).as_deref(), Some("2018-09-01"));
        assert_eq!(bucket(Unit::Day, "2018-09-01", 180).as_deref(), Some("2018-09-01"));
        assert_eq!(bucket(Unit::Day, "2018-09-01T22:30", 180).as_deref(), Some("2018-09-01"));
    }

    #[test]
    fn buckets_are_dense_and_bounded() {
        let calendar = Calendar::new(Unit::Month, Offset::UTC);
        let start = |text: &str| text.parse::<Date>().unwrap().wall();
        let months = calendar.list(start("2017-11"), start("2018-02"), 100);
        let shown: Vec<String> = months.iter().map(|&start| Unit::Month.bucket(start).to_string()).collect();
        assert_eq!(shown, ["2017-11", "2017-12", "2018-01", "2018-02"]);
        assert_eq!(calendar.list(start("2017-11"), start("2018-02"), 2).len(), 3);
        assert!(calendar.list(5, 4, 10).is_empty());
    }
}

//! How wide each column is.

use crate::exec::{CellType, Column};
use crate::render::safe::safe_chars;
use crate::render::width::display_width;
use crate::schema::FieldType;

/// Columns between two columns of a table.
pub(super) const GAP: usize = 2;

/// The narrowest column of text that still says something.
const TEXT_WIDTH_MIN: usize = 6;

/// What decides the width of one column.
pub(super) struct Measure {
    /// Its heading.
    pub name: String,
    /// Width of its widest cell or its heading.
    pub natural: usize,
    /// Whether it may be cut: numbers and dates say something else when cut.
    pub can_shrink: bool,
    /// How much of the room it gets, compared with others.
    pub weight: usize,
    /// Whether it stands on the right.
    pub is_number: bool,
}

impl Measure {
    /// Measures a column by its heading and cells.
    pub fn of<'a>(column: Option<&Column>, cells: impl Iterator<Item = &'a str>) -> Measure {
        let name = column.map(|column| safe_chars(&column.name)).unwrap_or_default();
        let natural = cells.map(display_width).fold(display_width(&name), usize::max);
        let shrinks = |column: &Column| {
            let exact = [FieldType::Number, FieldType::Boolean, FieldType::Date].map(CellType::Field);
            column.many || !exact.contains(&column.cell_type)
        };
        Measure {
            weight: if matches!(name.as_str(), "title" | "value" | "about" | "lede" | "body") {
                4
            } else {
                1
            },
            is_number: column.is_some_and(super::is_number),
            can_shrink: column.is_none_or(shrinks),
            natural,
            name,
        }
    }
}

/// Tells whether columns can stand side by side at all, by what they hold.
pub(super) fn can_fit<'a>(columns: impl Iterator<Item = &'a Column>, screen: Option<usize>) -> bool {
    /// A timestamp with its offset; a day is shorter, but which it is shows only later.
    const DATE_WIDTH: usize = 20;
    let least = |column: &Column| match column.cell_type {
        CellType::Field(FieldType::Date) if !column.many => DATE_WIDTH,
        CellType::Field(FieldType::Number | FieldType::Boolean) if !column.many => {
            display_width(&column.name)
        }
        _ => TEXT_WIDTH_MIN,
    };
    let needed: usize = columns.map(|column| least(column) + GAP).sum();
    screen.is_none_or(|screen| needed.saturating_sub(GAP) <= screen)
}

/// Returns the width of each column, so that all fit the screen where that is possible.
///
/// Columns that fit keep their natural width; the others share what is left by their weights.
pub(super) fn widths(measures: &[Measure], screen: Option<usize>) -> Vec<usize> {
    let mut widths: Vec<usize> = measures.iter().map(|measure| measure.natural).collect();
    let Some(screen) = screen else { return widths };
    let mut room = screen.saturating_sub(measures.len().saturating_sub(1) * GAP);
    let mut open: Vec<(usize, &Measure)> = Vec::new();
    for (at, measure) in measures.iter().enumerate() {
        if measure.can_shrink {
            open.push((at, measure));
        } else {
            room = room.saturating_sub(measure.natural);
        }
    }
    // Each round settles a column that needs less than its share, which leaves more for the rest, or one whose share
    // is too little to say anything, which takes from the rest.
    loop {
        let weights: usize = open.iter().map(|(_, measure)| measure.weight).sum();
        let share = |measure: &Measure| room * measure.weight / weights.max(1);
        let modest =
            open.iter().position(|(_, measure)| measure.natural <= share(measure).max(TEXT_WIDTH_MIN));
        let starved = || open.iter().position(|(_, measure)| share(measure) < TEXT_WIDTH_MIN);
        let Some((at, measure)) = modest.or_else(starved).map(|at| open.swap_remove(at)) else {
            for (at, measure) in &open {
                if let Some(width) = widths.get_mut(*at) {
                    *width = share(measure);
                }
            }
            return widths;
        };
        let width = measure.natural.min(share(measure).max(TEXT_WIDTH_MIN));
        room = room.saturating_sub(width);
        if let Some(settled) = widths.get_mut(at) {
            *settled = width;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(natural: usize, can_shrink: bool, weight: usize) -> Measure {
        Measure { name: String::new(), natural, can_shrink, weight, is_number: false }
    }

    #[test]
    fn columns_that_fit_stay_as_they_are() {
        let measures = [measure(4, false, 1), measure(20, true, 1)];
        assert_eq!(widths(&measures, Some(80)), [4, 20]);
        assert_eq!(widths(&measures, None), [4, 20]);
    }

    #[test]
    fn long_columns_share_what_short_ones_leave() {
        let measures =
            [measure(4, false, 1), measure(90, true, 1), measure(90, true, 4), measure(8, true, 1)];
        let widths = widths(&measures, Some(80));
        assert_eq!(widths, [4, 12, 49, 8]);
        assert!(widths.iter().sum::<usize>() + 3 * GAP <= 80);
    }

    #[test]
    fn columns_keep_a_least_width_without_leaving_the_screen() {
        let measures = [
            measure(2, false, 1),
            measure(7, true, 1),
            measure(20, false, 1),
            measure(50, true, 4),
            measure(15, true, 1),
        ];
        let widths = widths(&measures, Some(60));
        assert_eq!(widths, [2, 6, 20, 18, 6]);
    }

    #[test]
    fn too_many_columns_do_not_fit() {
        let column = |field_type| Column {
            name: "name".to_owned(),
            cell_type: CellType::Field(field_type),
            many: false,
        };
        let columns = [FieldType::Number, FieldType::Keyword, FieldType::Date, FieldType::Text].map(column);
        assert!(can_fit(columns.iter(), Some(42)));
        assert!(!can_fit(columns.iter(), Some(41)));
        assert!(can_fit(columns.iter(), None));
    }
}

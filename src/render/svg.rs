//! Charts as SVG: bars or lines over time, bars by name. No script, no font and no style from elsewhere.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::chart::{Bucket, Chart, ChartRows, Series, Shape};
use super::escape::markup;
use super::format::Rendering;
use super::trailer::{grouped, percent};
use super::width::{display_width, truncate};
use super::{Closing, Renderer};
use crate::exec::{AnswerKind, Column, Row};

/// Width of every chart, in units of its own.
const WIDTH: f64 = 800.0;

/// Height of a chart over time.
const TIME_HEIGHT: f64 = 360.0;

/// Height of a bar with its gap.
const BAR_STEP: f64 = 24.0;

/// Room around the drawing.
const MARGIN: f64 = 16.0;

/// Room for the numbers beside a time axis, and for the names of buckets under it.
const AXIS_LEFT: f64 = 56.0;
const AXIS_BOTTOM: f64 = 36.0;

/// The widest name before a bar, in columns of a terminal; a column takes about 6.6 units.
const NAME_COLUMNS_MAX: usize = 36;
const COLUMN_WIDTH: f64 = 6.6;

/// Lines across a chart over time, at most.
const TICKS_MAX: f64 = 5.0;

/// Colours that people with any colour vision tell apart (the palette of Okabe and Ito), darkest first.
const COLOURS: [&str; 7] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f"];

/// Writes the chart of a result.
pub(super) struct Svg {
    rendering: Rendering,
    rows: Option<ChartRows>,
}

impl Svg {
    pub(super) fn new(rendering: Rendering) -> Svg {
        Svg { rendering, rows: None }
    }
}

impl Renderer for Svg {
    fn start(&mut self, kind: AnswerKind, columns: &[Column], _: &mut dyn Write) -> io::Result<()> {
        if self.rendering.continues {
            let reason = "an svg holds one chart, and one is drawn already; html takes several";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
        }
        self.rows = ChartRows::of(kind, columns, self.rendering.zone);
        match self.rows {
            Some(_) => Ok(()),
            None => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "svg draws `timeline`, `top`, `pairs` and `count by`; this result has no numbers to draw",
            )),
        }
    }

    fn row(&mut self, row: &Row, _: &mut dyn Write) -> io::Result<()> {
        if let Some(rows) = &mut self.rows {
            rows.add(row);
        }
        Ok(())
    }

    fn finish(&mut self, _: &Closing<'_>, out: &mut dyn Write) -> io::Result<()> {
        let chart = self.rows.take().and_then(ChartRows::chart);
        let title = self.rendering.query.as_deref().unwrap_or_default();
        out.write_all(svg(chart.as_ref(), title).as_bytes())
    }
}

/// Returns a chart as an SVG document; without a chart it says that nothing was found.
pub(super) fn svg(chart: Option<&Chart>, title: &str) -> String {
    let (height, drawing) = match chart.map(|chart| (&chart.shape, &chart.unit)) {
        Some((Shape::Time { buckets, series }, unit)) => time(buckets, series, unit),
        Some((Shape::Names { bars, left_out }, _)) => names(bars, *left_out),
        None => (60.0, text(WIDTH / 2.0, 34.0, "middle", "nothing was found")),
    };
    let title = match title.trim() {
        "" => "A chart by dateline".to_owned(),
        title => markup(title),
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#333\">\n\
         <title>{title}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{drawing}</svg>\n"
    )
}

// --- over time ---

/// Where things of a chart over time stand.
struct Axes {
    top: f64,
    bottom: f64,
    step: f64,
    max: f64,
}

impl Axes {
    fn x(&self, bucket: usize) -> f64 {
        AXIS_LEFT + self.step * bucket as f64
    }

    fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * (value / self.max).clamp(0.0, 1.0)
    }
}

fn time(buckets: &[Bucket], series: &[Series], unit: &str) -> (f64, String) {
    let legend = series.len() > 1;
    let peak = series.iter().flat_map(|series| &series.values).copied().fold(0.0, f64::max);
    let tick = tick(peak);
    let axes = Axes {
        top: MARGIN + if legend { 40.0 } else { 20.0 },
        bottom: TIME_HEIGHT - AXIS_BOTTOM,
        step: (WIDTH - AXIS_LEFT - MARGIN) / buckets.len().max(1) as f64,
        max: ((peak / tick).ceil() * tick).max(tick),
    };
    let mut drawing = grid(&axes, tick, unit);
    drawing.push_str(&bucket_names(&axes, buckets));
    match series {
        [only] => drawing.push_str(&columns(&axes, buckets, only, unit)),
        several => several
            .iter()
            .enumerate()
            .for_each(|(at, series)| drawing.push_str(&line(&axes, buckets, series, (colour(at), unit)))),
    }
    if legend {
        drawing.push_str(&legend_line(series));
    }
    (TIME_HEIGHT, drawing)
}

/// Returns the distance of lines across: 1, 2 or 5 times a power of ten.
fn tick(peak: f64) -> f64 {
    if peak <= 0.0 {
        return 1.0;
    }
    let raw = peak / TICKS_MAX;
    let power = 10_f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|step| step * power >= raw).unwrap_or(10.0);
    // Articles are whole; only shares lie between.
    if peak >= 1.0 { (step * power).max(1.0) } else { step * power }
}

fn grid(axes: &Axes, tick: f64, unit: &str) -> String {
    let mut out = text(AXIS_LEFT, MARGIN + 4.0, "start", unit);
    let lines = (axes.max / tick).round() as usize;
    for number in 0..=lines {
        let value = tick * number as f64;
        let y = axes.y(value);
        let _ = writeln!(
            out,
            "<path d=\"M{AXIS_LEFT} {y:.1}H{:.1}\" stroke=\"{}\"/>",
            WIDTH - MARGIN,
            if number == 0 { "#888" } else { "#e4e4e4" }
        );
        out.push_str(&text(AXIS_LEFT - 6.0, y + 4.0, "end", &shown(value, unit)));
    }
    out
}

/// Writes as many names of buckets as have room, the first and evenly from there.
fn bucket_names(axes: &Axes, buckets: &[Bucket]) -> String {
    let widest = buckets.iter().map(|bucket| display_width(&bucket.name)).max().unwrap_or(1);
    let every = (((widest + 2) as f64 * COLUMN_WIDTH / axes.step).ceil() as usize).max(1);
    let mut out = String::new();
    for (at, bucket) in buckets.iter().enumerate().step_by(every) {
        let x = axes.x(at) + axes.step / 2.0;
        out.push_str(&text(x, axes.bottom + 18.0, "middle", &bucket.name));
    }
    out
}

fn columns(axes: &Axes, buckets: &[Bucket], series: &Series, unit: &str) -> String {
    let mut out = String::new();
    let gap = (axes.step * 0.15).min(6.0);
    for (at, (bucket, value)) in buckets.iter().zip(&series.values).enumerate() {
        let y = axes.y(*value);
        let opacity = if bucket.is_partial { " fill-opacity=\"0.45\"" } else { "" };
        let _ = writeln!(
            out,
            "<rect x=\"{:.2}\" y=\"{y:.2}\" width=\"{:.2}\" height=\"{:.2}\" fill=\"{}\"{opacity}><title>{}</title></rect>",
            axes.x(at) + gap / 2.0,
            axes.step - gap,
            axes.bottom - y,
            colour(0),
            tip(bucket, "", &shown(*value, unit))
        );
    }
    out
}

fn line(axes: &Axes, buckets: &[Bucket], series: &Series, (colour, unit): (&str, &str)) -> String {
    let point = |(at, value): (usize, &f64)| (axes.x(at) + axes.step / 2.0, axes.y(*value));
    let points: Vec<String> =
        series.values.iter().enumerate().map(point).map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    let mut out =
        format!("<path d=\"M{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n", points.join("L"));
    for ((x, y), (bucket, value)) in
        series.values.iter().enumerate().map(point).zip(buckets.iter().zip(&series.values))
    {
        let tip = tip(bucket, &series.name, &shown(*value, unit));
        let _ = writeln!(
            out,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\" fill=\"{colour}\"><title>{tip}</title></circle>"
        );
    }
    out
}

/// Returns what is said where the pointer rests.
fn tip(bucket: &Bucket, series: &str, value: &str) -> String {
    let series = if series.is_empty() { String::new() } else { format!(" {series}") };
    let partial = if bucket.is_partial { " (in part)" } else { "" };
    markup(&format!("{}{series}: {value}{partial}", bucket.name))
}

fn legend_line(series: &[Series]) -> String {
    let mut out = String::new();
    let mut x = AXIS_LEFT;
    for (at, series) in series.iter().enumerate() {
        let name = truncate(&series.name, 24);
        let _ = writeln!(
            out,
            "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"10\" height=\"10\" fill=\"{}\"/>",
            MARGIN + 14.0,
            colour(at)
        );
        out.push_str(&text(x + 14.0, MARGIN + 23.0, "start", &name));
        x += 30.0 + display_width(&name) as f64 * COLUMN_WIDTH;
    }
    out
}

// --- by name ---

fn names(bars: &[(String, f64)], left_out: usize) -> (f64, String) {
    let widest = bars.iter().map(|(name, _)| display_width(name)).max().unwrap_or(0).min(NAME_COLUMNS_MAX);
    let left = MARGIN + widest as f64 * COLUMN_WIDTH + 8.0;
    let right = WIDTH - MARGIN - 56.0;
    let max = bars.iter().map(|(_, value)| *value).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let mut out = String::new();
    for (at, (name, value)) in bars.iter().enumerate() {
        let y = MARGIN + BAR_STEP * at as f64;
        let width = (right - left) * (value / max).clamp(0.0, 1.0);
        out.push_str(&text(left - 8.0, y + 16.0, "end", &truncate(name, NAME_COLUMNS_MAX)));
        let _ = writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{:.1}\" width=\"{:.2}\" height=\"{:.1}\" fill=\"{}\"><title>{}</title></rect>",
            y + 3.0,
            width.max(1.0),
            BAR_STEP - 6.0,
            colour(0),
            markup(&format!("{name}: {}", shown(*value, "")))
        );
        out.push_str(&text(left + width + 6.0, y + 16.0, "start", &shown(*value, "")));
    }
    let mut height = MARGIN * 2.0 + BAR_STEP * bars.len() as f64;
    if left_out > 0 {
        out.push_str(&text(left, height, "start", &format!("and {} more", grouped(left_out as u64))));
        height += 20.0;
    }
    (height, out)
}

// --- parts ---

fn text(x: f64, y: f64, anchor: &str, text: &str) -> String {
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>\n", markup(text))
}

fn colour(at: usize) -> &'static str {
    COLOURS.get(at % COLOURS.len()).unwrap_or(&"#333")
}

/// Returns a number as a chart says it: counts in thousands, shares in per cent.
fn shown(value: f64, unit: &str) -> String {
    if unit == "share" { percent(value) } else { grouped(value as u64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(name: &str) -> Bucket {
        Bucket { name: name.to_owned(), is_partial: false }
    }

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(tick(0.0), 1.0);
        assert_eq!(tick(3.0), 1.0);
        assert_eq!(tick(47.0), 10.0);
        assert_eq!(tick(1_208.0), 500.0);
        assert!((tick(0.4) - 0.1).abs() < 1e-9);
    }

    #[test]
    fn names_are_text_and_nothing_else() {
        let bars = vec![("<script>alert(1)</script>".to_owned(), 3.0), ("b & c".to_owned(), 1.0)];
        let chart = Chart { unit: "articles".to_owned(), shape: Shape::Names { bars, left_out: 2 } };
        let svg = svg(Some(&chart), "top 2 person");
        assert!(svg.contains("&lt;script&gt;") && !svg.contains("<script"), "{svg}");
        assert!(
            svg.contains("b &amp; c")
                && svg.contains("and 2 more")
                && svg.contains("<title>top 2 person</title>")
        );
    }

    #[test]
    fn one_series_has_columns_and_several_have_lines() {
        let buckets = vec![bucket("2018-08"), Bucket { is_partial: true, ..bucket("2018-09") }];
        let series = |name: &str| Series { name: name.to_owned(), values: vec![1.0, 3.0] };
        let one = time(&buckets, &[series("")], "articles").1;
        assert_eq!(one.matches("<rect").count(), 2);
        assert!(one.contains("fill-opacity") && one.contains("2018-09: 3 (in part)"), "{one}");
        let two = time(&buckets, &[series("a"), series("b")], "articles").1;
        assert_eq!(two.matches("stroke-width=\"2\"").count(), 2);
    }

    #[test]
    fn a_second_chart_is_refused() {
        let rendering = Rendering { continues: true, ..Rendering::default() };
        let refused = Svg::new(rendering).start(AnswerKind::Top, &[], &mut Vec::new()).unwrap_err();
        assert!(refused.to_string().contains("one chart"), "{refused}");
    }

    #[test]
    fn nothing_found_is_said() {
        assert!(svg(None, "").contains("nothing was found"));
    }
}

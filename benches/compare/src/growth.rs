//! How times grow with the archive: one process a size, a table of all sizes, and a plot.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use plotters::prelude::*;

use crate::report::Report;
use crate::{Args, grown};

/// Classes that are drawn, with one colour each.
const DRAWN: [(&str, RGBColor); 8] = [
    ("term count, frequent", RGBColor(31, 119, 180)),
    ("term top-10, frequent", RGBColor(255, 127, 14)),
    ("and of two frequent, count", RGBColor(44, 160, 44)),
    ("phrase of two, count", RGBColor(214, 39, 40)),
    ("newest ten of a word", RGBColor(148, 103, 189)),
    ("range count", RGBColor(140, 86, 75)),
    ("timeline of a word", RGBColor(227, 119, 194)),
    ("facet over a word", RGBColor(127, 127, 127)),
];

/// Width and height of the plot, in pixels.
const PLOT: (u32, u32) = (960, 560);

/// Measures the corpus at each size and returns the reports.
pub fn run(args: &Args) -> Result<Vec<Report>> {
    let folder = tempfile::tempdir()?;
    args.grow
        .iter()
        .map(|size| {
            let (grown, json) = (folder.path().join("grown.jsonl"), folder.path().join("report.json"));
            grown::write(&args.corpus, *size, &grown)?;
            let mut child = Command::new(std::env::current_exe()?);
            child.arg(&grown).arg("--json").arg(&json);
            child.args(["--queries", &args.queries.to_string(), "--seed", &args.seed.to_string()]);
            let status = child.args(args.alone.then_some("--alone")).status()?;
            if !status.success() {
                bail!("measuring {size} articles ended with {status}");
            }
            Ok(serde_json::from_slice(&std::fs::read(&json)?)?)
        })
        .collect()
}

/// Prints dateline's medians at every size, and how many times the last is the first.
pub fn print(reports: &[Report]) {
    let [first, .., last] = reports else { return };
    let sizes: Vec<String> = reports.iter().map(|report| report.articles.to_string()).collect();
    println!("\n| question, in microseconds | {} | last of first |", sizes.join(" | "));
    println!("|---|{}", "---:|".repeat(reports.len() + 1));
    for class in last.classes() {
        let times: Vec<Option<f64>> = reports.iter().map(|report| report.median(class)).collect();
        let cells: Vec<String> = times.iter().map(|time| crate::report::time(*time)).collect();
        let growth = crate::report::ratio(last.median(class), first.median(class));
        println!("| {class} | {} | {growth} |", cells.join(" | "));
    }
}

/// Draws dateline's medians over the sizes, both axes logarithmic.
pub fn plot(reports: &[Report], file: &Path) -> Result<()> {
    let sizes = || reports.iter().map(|report| report.articles as f64);
    let medians =
        DRAWN.iter().flat_map(|(class, _)| reports.iter().filter_map(|report| report.median(class)));
    let highest = medians.fold(10.0, f64::max);
    let (least, most) = (sizes().fold(f64::INFINITY, f64::min), sizes().fold(1.0, f64::max));
    let area = SVGBackend::new(file, PLOT).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption("dateline: median time of a query by articles in the archive", ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(44)
        .y_label_area_size(70)
        .build_cartesian_2d((least..most).log_scale(), (1.0..highest * 2.0).log_scale())?;
    let articles = |count: &f64| format!("{}k", (count / 1e3).round());
    chart
        .configure_mesh()
        .x_desc("articles")
        .y_desc("microseconds")
        .x_label_formatter(&articles)
        .light_line_style(RGBColor(235, 235, 235))
        .draw()?;
    for (class, colour) in DRAWN {
        let points: Vec<(f64, f64)> = reports
            .iter()
            .filter_map(|report| Some((report.articles as f64, report.median(class)?)))
            .collect();
        let dots = points.iter().map(|point| Circle::new(*point, 3, colour.filled()));
        chart
            .draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(2)))?
            .label(class)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(2)));
        chart.draw_series(dots)?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.85))
        .border_style(BLACK.mix(0.3))
        .draw()?;
    Ok(area.present()?)
}

//! The charts, as SVG that takes its ink from the page: `currentColor`, so that it reads in light and in dark.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use sqlite_advisor::error::{Error, Result};
use sqlite_advisor::model::units::{duration, geometric_mean, significant};
use sqlite_advisor::render::escape::{brief, visible};
use std::fmt::Display;

/// Wide enough for the labels, narrow enough to stay legible on a phone.
const WIDTH: u32 = 480;
const TEXT: u32 = 16; // plotters draws it 1.24 times smaller
/// Told apart by people who do not see all colours, on white and on black.
pub const COLORS: [RGBColor; 5] = [
    RGBColor(0, 128, 200),
    RGBColor(222, 130, 0),
    RGBColor(0, 150, 110),
    RGBColor(200, 80, 150),
    RGBColor(130, 130, 130),
];

/// A row of a chart of marks.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its label.
    pub label: String,
    /// A band behind the marks.
    pub band: Option<(f64, f64)>,
    /// The series' number and the value, above zero. Those of several series lie one below the other.
    pub marks: Vec<(usize, f64)>,
}

/// Rows from which on a chart is taller than a screen and has its axis at the top too.
const TALL: usize = 20;

/// Marks on a logarithmic axis, one row for each label.
///
/// # Errors
/// [`Error::Invalid`] if it cannot be drawn.
pub fn marks(rows: &[Row], series: &[String], axis: &str, left: u32, step: u32) -> Result<String> {
    let values = rows
        .iter()
        .flat_map(|r| r.marks.iter().map(|m| m.1).chain(r.band.into_iter().flat_map(|(a, b)| [a, b])));
    let (low, high) = span(values);
    let legend = legend_height(series);
    let top = if rows.len() > TALL { 42 } else { 0 };
    let height = legend + rows.len() as u32 * step + 52 + top;
    let draw = |svg: &mut String| -> Result<(), Box<dyn std::error::Error>> {
        let root = SVGBackend::with_string(svg, (WIDTH, height)).into_drawing_area();
        draw_legend(&root, series)?;
        let (_, body) = root.split_vertically(legend);
        let mut chart = ChartBuilder::on(&body)
            .margin_right(18)
            .margin_top(4)
            .set_label_area_size(LabelAreaPosition::Left, left)
            .set_label_area_size(LabelAreaPosition::Bottom, 42)
            .set_label_area_size(LabelAreaPosition::Top, top)
            .build_cartesian_2d((low..high).log_scale(), rows.len() as f64..0.0)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .x_labels(6)
            .x_label_formatter(&|v| short(*v))
            .x_desc(visible(axis))
            .label_style(("sans-serif", TEXT))
            .axis_desc_style(("sans-serif", TEXT))
            .light_line_style(BLACK.mix(0.06))
            .bold_line_style(BLACK.mix(0.15))
            .draw()?;
        if low < 1.0 && high > 1.0 {
            let line = [(1.0, 0.0), (1.0, rows.len() as f64)];
            chart.draw_series(std::iter::once(PathElement::new(line, BLACK.mix(0.6))))?;
        }
        let label = TextStyle::from(("sans-serif", TEXT)).pos(Pos::new(HPos::Right, VPos::Center));
        for (i, row) in rows.iter().enumerate() {
            let y = i as f64 + 0.5;
            if let Some((from, to)) = row.band {
                let to = if to > from { to } else { from * 1.06 };
                let band = Rectangle::new([(from, y - 0.4), (to, y + 0.4)], BLACK.mix(0.25).filled());
                chart.draw_series(std::iter::once(band))?;
            }
            for (at, (series, value)) in row.marks.iter().enumerate() {
                let color = COLORS.get(series % COLORS.len()).unwrap_or(&BLACK);
                let lane = y + 0.6 * ((at as f64 + 0.5) / row.marks.len() as f64 - 0.5);
                let mark = Circle::new((value.max(low), lane), 4, color.mix(0.85).filled());
                chart.draw_series(std::iter::once(mark))?;
            }
            let text = brief(&row.label, (left * 2 / 15) as usize);
            let text = EmptyElement::at((low, y)) + Text::new(text, (-6, 0), label.clone());
            chart.draw_series(std::iter::once(text))?;
        }
        Ok(root.present()?)
    };
    let mut svg = String::new();
    draw(&mut svg).map_err(|e| cannot(&e))?;
    Ok(inked(&svg, axis))
}

/// A line of a chart of growth.
#[derive(Debug, Clone, Copy)]
pub struct Line<'l> {
    /// Its name.
    pub name: &'l str,
    /// Scale and nanoseconds.
    pub times: &'l [(u64, u64)],
    /// The same where it was stopped, as triangles: it takes longer than that.
    pub stopped: &'l [(u64, u64)],
    /// The exponent of the fitted growth, drawn thin through the middle of the points.
    pub exponent: f64,
}

/// Time against scale, both logarithmic.
///
/// # Errors
/// [`Error::Invalid`] if it cannot be drawn.
pub fn growth(lines: &[Line<'_>]) -> Result<String> {
    let all = || lines.iter().flat_map(|line| line.times.iter().chain(line.stopped));
    let (left, right) = span(all().map(|(x, _)| *x as f64));
    let (low, high) = span(all().map(|(_, y)| *y as f64));
    let names: Vec<String> = lines.iter().map(|line| line.name.to_owned()).collect();
    let legend = legend_height(&names);
    let draw = |svg: &mut String| -> Result<(), Box<dyn std::error::Error>> {
        let root = SVGBackend::with_string(svg, (WIDTH, 300)).into_drawing_area();
        draw_legend(&root, &names)?;
        let (_, body) = root.split_vertically(legend);
        let mut chart = ChartBuilder::on(&body)
            .margin_left(8)
            .margin_right(18)
            .margin_top(6)
            .set_label_area_size(LabelAreaPosition::Left, 86)
            .set_label_area_size(LabelAreaPosition::Bottom, 42)
            .build_cartesian_2d((left..right).log_scale(), (low..high).log_scale())?;
        chart
            .configure_mesh()
            .x_labels(6)
            .y_labels(7)
            .x_label_formatter(&|v| short(*v))
            .y_label_formatter(&|v| duration_short(*v))
            .x_desc("scale: times the real database (log)")
            .y_desc("time (log)")
            .label_style(("sans-serif", TEXT))
            .axis_desc_style(("sans-serif", TEXT))
            .light_line_style(BLACK.mix(0.05))
            .bold_line_style(BLACK.mix(0.15))
            .draw()?;
        for (i, line) in lines.iter().enumerate() {
            let color = COLORS.get(i % COLORS.len()).unwrap_or(&BLACK);
            let points = || line.times.iter().map(|(x, y)| (*x as f64, *y as f64));
            chart.draw_series(DashedLineSeries::new(fitted(line), 4, 5, color.mix(0.8).stroke_width(1)))?;
            chart.draw_series(LineSeries::new(points(), color.stroke_width(2)))?;
            chart.draw_series(points().map(|p| Circle::new(p, 3, color.filled())))?;
            let stopped = line.stopped.iter().map(|(x, y)| (*x as f64, *y as f64));
            chart.draw_series(stopped.map(|p| TriangleMarker::new(p, 6, color.stroke_width(2))))?;
        }
        Ok(root.present()?)
    };
    let mut svg = String::new();
    draw(&mut svg).map_err(|e| cannot(&e))?;
    Ok(inked(&svg, "time against scale, both logarithmic"))
}

/// The ends of the fitted line, whose middle is the geometric mean of the points; none for one point.
fn fitted(line: &Line<'_>) -> Vec<(f64, f64)> {
    let [(first, _), .., (last, _)] = line.times else { return vec![] };
    let mean =
        |pick: fn(&(u64, u64)) -> u64| geometric_mean(line.times.iter().map(|p| pick(p).max(1) as f64));
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let at = |scale: f64| (scale, y * (scale / x).powf(line.exponent));
    let end = line.stopped.iter().map(|p| p.0).chain([*last]).max().unwrap_or(*last);
    vec![at(*first as f64), at(end as f64)]
}

/// Whole powers of ten around the values.
fn span(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values
        .filter(|v| v.is_finite() && *v > 0.0)
        // Beyond that a saved report was made by hand, and the axis would have no end.
        .map(|v| v.clamp(1e-100, 1e100))
        .fold((f64::INFINITY, 0.0f64), |(low, high), v| (low.min(v), high.max(v)));
    if low > high {
        return (1.0, 10.0);
    }
    let (low, high) = (low.log10().floor(), high.log10().ceil());
    // A little less, so that the axis labels its first power.
    (0.99 * 10f64.powf(low), 10f64.powf(high.max(low + 1.0)))
}

const PER_LINE: usize = 3;

fn legend_height(series: &[String]) -> u32 {
    series.len().div_ceil(PER_LINE) as u32 * 20 + 6
}

fn draw_legend<B: DrawingBackend>(
    root: &DrawingArea<B, plotters::coord::Shift>,
    series: &[String],
) -> Result<(), Box<dyn std::error::Error>>
where
    B::ErrorType: 'static,
{
    let style = TextStyle::from(("sans-serif", TEXT)).pos(Pos::new(HPos::Left, VPos::Center));
    for (i, name) in series.iter().enumerate() {
        let (x, y) = ((i % PER_LINE * 158) as i32 + 12, (i / PER_LINE * 20) as i32 + 12);
        let color = COLORS.get(i % COLORS.len()).unwrap_or(&BLACK);
        root.draw(&Circle::new((x, y), 4, color.filled()))?;
        root.draw(&Text::new(brief(name, 21), (x + 9, y), style.clone()))?;
    }
    Ok(())
}

/// `1k`, `10M`: powers of ten for an axis.
fn short(v: f64) -> String {
    match v {
        v if v >= 0.999e6 => format!("{}M", significant(v / 1e6).replace(".00", "")),
        v if v >= 999.0 => format!("{}k", significant(v / 1e3).replace(".00", "").replace(".0", "")),
        v => format!("{}", (v * 1e4).round() / 1e4),
    }
}

fn duration_short(ns: f64) -> String {
    duration(ns as u64).replace(".00", "").replace(".0", "")
}

/// Black becomes the colour of the page's text; the sizes become a box that scales; those who do not see it hear its title.
fn inked(svg: &str, title: &str) -> String {
    let size = svg.find(" viewBox").and_then(|at| svg.get(..at)?.find("width=")).unwrap_or(0);
    let end = svg.find(" viewBox").unwrap_or(0);
    let mut out = String::with_capacity(svg.len());
    out.push_str(svg.get(..size).unwrap_or_default());
    out.push_str("role=\"img\"");
    out.push_str(svg.get(end..).unwrap_or_default());
    let title = escaped(&visible(title));
    out.replace("#000000", "currentColor").replacen('>', &format!("><title>{title}</title>"), 1)
}

fn cannot(error: &impl Display) -> Error {
    Error::Invalid(format!("the chart cannot be drawn: {error}"))
}

/// Text that is no markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A chart as a file of its own, which brings its ink along.
pub fn alone(svg: &str) -> String {
    let style = "<style>svg{color:#1b1b1b;background:#fff}@media(prefers-color-scheme:dark){svg{color:#ddd;background:#161616}}</style>";
    match svg.find('>') {
        Some(at) => {
            let (head, tail) = svg.split_at(at + 1);
            format!("{head}\n{style}{tail}")
        }
        None => svg.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_a_chart() -> Result<()> {
        let name = "<script>alert(1)</script>\"'&\u{202e}".to_owned() + &"😀".repeat(10_000);
        let rows = [Row { label: name.clone(), band: Some((1.0, 1.0)), marks: vec![(0, 3.0), (9, 0.2)] }];
        let svg = marks(&rows, std::slice::from_ref(&name), &name, 200, 18)?;
        assert!(!svg.contains("<script"));
        assert!(!svg.contains('\u{202e}'));
        assert!(svg.contains("&lt;script"), "{svg}");
        assert!(svg.contains("currentColor") && !svg.contains("#000000"));
        let line = Line { name: &name, times: &[(1, 5), (10, 0)], stopped: &[(100, 7)], exponent: 1.0 };
        let none = Line { name: "none", times: &[], stopped: &[], exponent: 0.0 };
        assert!(growth(&[line, none])?.contains("<circle"));
        Ok(())
    }

    #[test]
    fn axes_end_at_powers_of_ten() {
        assert_eq!(span([0.3, 40.0].into_iter()), (0.099, 100.0));
        assert_eq!(span([].into_iter()), (1.0, 10.0));
        let times = &[(1, 10), (100, 1000)];
        let ends = fitted(&Line { name: "", times, stopped: &[], exponent: 1.0 });
        assert!(ends.iter().zip([10.0, 1000.0]).all(|((_, y), e)| (y / e - 1.0).abs() < 1e-9), "{ends:?}");
        assert_eq!([0.1, 1.0, 100.0, 1000.0, 2e7].map(short), ["0.1", "1", "100", "1k", "20.0M"]);
    }

    #[test]
    fn an_axis_ends_whatever_the_numbers_are() {
        let (low, high) = span([1e308, 5e-324, f64::INFINITY, f64::NAN].into_iter());
        assert!(low > 0.0 && high <= 1e100 * 1.1, "{low} {high}");
    }
}

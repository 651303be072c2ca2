//! The forms of a result, and where each goes: `--format FORM`, `--format FORM=FILE` several times, `--out FILE`.

use crate::rules;
use crate::term::Term;
use anyhow::bail;
use clap::ValueEnum;
use goals::report as speedup;
use goals::speedup::value::Speedup;
use sqlite_advisor::model::report::Report;
use sqlite_advisor::render::{Html, Json, Markdown, Renderer, Sql, Style, Text};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The form of an advice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For people, at a terminal
    #[default]
    Text,
    /// The whole report, which `report` and `apply` read
    Json,
    /// Statements that sqlite3 runs as they are, with the reasons as comments
    Sql,
    /// For a pull request or a ticket
    Markdown,
    /// One page for a browser
    Html,
}

impl Form {
    /// The report in this form. `person` is whether it goes before the eyes of one.
    fn render(self, report: &Report, style: Style, person: bool) -> std::io::Result<String> {
        let sql = if person { Sql::for_terminal() } else { Sql::default() };
        let renderer: &dyn Renderer = match self {
            Self::Text => &Text(style),
            Self::Json => &Json,
            Self::Sql => &sql,
            Self::Markdown => &Markdown,
            Self::Html => &Html::with_rules(rules::text),
        };
        renderer.to_text(report)
    }

    /// The report of `demo` in this form.
    fn render_speedup(self, report: &Speedup) -> sqlite_advisor::Result<String> {
        Ok(match self {
            Self::Text => speedup::terminal::lines(report).join("\n") + "\n",
            Self::Json => report.to_json()?,
            Self::Sql => report.advised.sql.iter().map(|sql| format!("{sql};\n")).collect(),
            Self::Markdown => speedup::markdown::markdown(report),
            Self::Html => speedup::html(report)?,
        })
    }
}

/// `FORM` or `FORM=FILE`, of the forms that a command has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format<F = Form> {
    form: F,
    file: Option<PathBuf>,
}

impl<F: ValueEnum> FromStr for Format<F> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (form, file) = match text.split_once('=') {
            Some((_, "")) => return Err("names no file behind =".to_owned()),
            Some((form, file)) => (form, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let form = F::from_str(form, true)
            .map_err(|_| format!("there is no form {form}; use {}, or FORM=FILE", names::<F>()))?;
        Ok(Self { form, file })
    }
}

/// `text, json or sql`
fn names<F: ValueEnum>() -> String {
    let all =
        F::value_variants().iter().filter_map(|form| Some(form.to_possible_value()?.get_name().to_owned()));
    let mut all: Vec<String> = all.collect();
    let last = all.pop().unwrap_or_default();
    format!("{} or {last}", all.join(", "))
}

/// The form that the ending of a file's name asks for; text for an ending that says nothing.
fn form_of<F: ValueEnum + Default>(path: &Path) -> anyhow::Result<F> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let name = match ending.as_str() {
        "md" => "markdown",
        "htm" => "html",
        "xml" => "junit",
        known @ ("json" | "sql" | "markdown" | "html" | "sarif") => known,
        _ => return Ok(F::default()),
    };
    match F::from_str(name, true) {
        Ok(form) => Ok(form),
        Err(_) => bail!("{}: there is no form {name} of this; use {}", path.display(), names::<F>()),
    }
}

/// What the options say of forms, checked: where each form goes, none for stdout.
#[derive(Debug, PartialEq, Eq)]
pub struct Outputs<F = Form>(Vec<(F, Option<PathBuf>)>);

/// A result that has been read or made.
pub enum Found {
    /// Advice on a database.
    Advice(Box<Report>),
    /// The report of `demo`.
    Speedup(Box<Speedup>),
}

impl<F: ValueEnum + Copy + Default + PartialEq> Outputs<F> {
    /// Puts `--format` and `--out` together and refuses files that cannot be written, before the work is done rather than after.
    pub fn of(formats: &[Format<F>], term: &Term) -> anyhow::Result<Self> {
        let outputs = Self::new(formats, term.out())?;
        outputs.0.iter().filter_map(|(_, file)| file.as_deref()).try_for_each(|file| term.check(file))?;
        Ok(outputs)
    }

    /// A form without a file goes to `--out` or stdout. Without `--format` the ending of `--out` tells the form.
    fn new(formats: &[Format<F>], out: Option<&Path>) -> anyhow::Result<Self> {
        let mut outputs: Vec<(F, Option<PathBuf>)> =
            formats.iter().map(|f| (f.form, f.file.clone())).collect();
        let homeless = outputs.iter().filter(|(_, file)| file.is_none()).count();
        if homeless > 1 {
            bail!(
                "{homeless} forms would go to one place; name a file for each, as --format json=advice.json"
            );
        }
        match out {
            Some(out) if homeless == 0 => outputs.push((form_of(out)?, Some(out.to_owned()))),
            Some(out) => {
                let place = outputs.iter_mut().find(|(_, file)| file.is_none());
                place.into_iter().for_each(|(_, file)| *file = Some(out.to_owned()));
            }
            None if outputs.is_empty() => outputs.push((F::default(), None)),
            None => {}
        }
        Ok(Self(outputs))
    }

    /// Writes text made for each form.
    pub fn write(
        &self,
        term: &Term,
        mut text: impl FnMut(F, Style) -> anyhow::Result<String>,
    ) -> anyhow::Result<()> {
        for (form, file) in &self.0 {
            let style = term.style(file.is_none());
            term.write_to(file.as_deref(), &text(*form, style)?)?;
        }
        Ok(())
    }
}

impl Outputs {
    /// Whether people read the result as text, who see there what was skipped.
    pub fn has_text(&self) -> bool {
        self.0.iter().any(|(form, _)| *form == Form::Text)
    }

    /// Writes results in each form, one behind the other.
    pub fn write_found(&self, found: &[Found], term: &Term) -> anyhow::Result<()> {
        for (form, file) in &self.0 {
            let (style, person) = (term.style(file.is_none()), file.is_none() && term.is_terminal());
            let mut texts = vec![];
            for one in found {
                texts.push(match one {
                    Found::Advice(report) => form.render(report, style, person)?,
                    Found::Speedup(report) => form.render_speedup(report)?,
                });
            }
            term.write_to(file.as_deref(), &texts.join("\n"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs(formats: &[&str], out: Option<&str>) -> anyhow::Result<Outputs<Form>> {
        let formats = formats.iter().map(|f| f.parse().map_err(anyhow::Error::msg));
        Outputs::new(&formats.collect::<anyhow::Result<Vec<_>>>()?, out.map(Path::new))
    }

    #[test]
    fn the_ending_of_the_file_tells_the_form_unless_a_form_is_named() -> anyhow::Result<()> {
        let to = |file: &str| Some(PathBuf::from(file));
        assert_eq!(outputs(&[], None)?.0, [(Form::Text, None)]);
        for (file, form) in
            [("a.json", Form::Json), ("a.HTML", Form::Html), ("a.md", Form::Markdown), ("a", Form::Text)]
        {
            assert_eq!(outputs(&[], Some(file))?.0, [(form, to(file))]);
        }
        assert_eq!(outputs(&["sql"], Some("a.json"))?.0, [(Form::Sql, to("a.json"))]);
        let refused = outputs(&[], Some("a.sarif")).err().map(|e| e.to_string());
        let why = "a.sarif: there is no form sarif of this; use text, json, sql, markdown or html";
        assert_eq!(refused.as_deref(), Some(why));
        Ok(())
    }

    #[test]
    fn several_forms_each_have_a_place() -> anyhow::Result<()> {
        let two = outputs(&["text", "json=a.json"], None)?;
        assert_eq!(two.0, [(Form::Text, None), (Form::Json, Some("a.json".into()))]);
        assert!(outputs(&["text", "json"], None).is_err() && "pdf".parse::<Format<Form>>().is_err());
        assert!("json=".parse::<Format<Form>>().is_err());
        Ok(())
    }
}

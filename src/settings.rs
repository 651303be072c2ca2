//! `.sqlite-advisor.toml`, found in the folder of work or above it: what `check` is told where neither an option nor the environment
//! does.

use anyhow::{Context, bail};
use serde::Deserialize;
use sqlite_advisor::check::Ignore;
use sqlite_advisor::model::check::Kind;
use std::path::{Path, PathBuf};

/// The file's name.
const NAME: &str = ".sqlite-advisor.toml";

/// What the file says of `check`; its paths are made relative to the folder of work.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Settings {
    /// A database, a .sql file of its schema, or a folder of migrations.
    pub schema: Option<PathBuf>,
    /// What the application sends.
    #[serde(default)]
    pub workload: Vec<PathBuf>,
    /// The file that holds the plans.
    pub lock: Option<PathBuf>,
    /// The statistics of another database.
    pub statistics: Option<PathBuf>,
    /// A table of at most so many rows may be scanned.
    pub rows: Option<u64>,
    /// Enforce foreign keys.
    #[serde(default)]
    pub foreign_keys: bool,
    /// Findings that are not told.
    #[serde(default)]
    ignore: Vec<Ignored>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    check: Settings,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ignored {
    rule: Kind,
    statement: Option<String>,
    reason: String,
}

impl Settings {
    /// Reads the file that is nearest to the folder of work; nothing is said where there is none.
    pub fn find() -> anyhow::Result<Self> {
        let Ok(folder) = std::env::current_dir() else { return Ok(Self::default()) };
        let mut above = folder.ancestors().enumerate();
        let Some((depth, folder)) = above.find(|(_, folder)| folder.join(NAME).is_file()) else {
            return Ok(Self::default());
        };
        let beside: PathBuf = std::iter::repeat_n("..", depth).collect();
        let text = std::fs::read_to_string(folder.join(NAME));
        let file = beside.join(NAME);
        let settings = text
            .with_context(|| format!("{}: cannot read", file.display()))
            .and_then(|text| parse(&text, &file))?;
        Ok(settings.relative_to(&beside))
    }

    /// What is not told, as `check` takes it.
    pub fn ignored(&self) -> Vec<Ignore> {
        let ignore = |one: &Ignored| Ignore {
            kind: one.rule,
            statement: one.statement.clone(),
            reason: one.reason.clone(),
        };
        self.ignore.iter().map(ignore).collect()
    }

    fn relative_to(mut self, folder: &Path) -> Self {
        let paths = self.schema.iter_mut().chain(&mut self.workload).chain(&mut self.lock);
        paths.chain(&mut self.statistics).for_each(|path| *path = folder.join(&*path));
        self
    }
}

fn parse(text: &str, file: &Path) -> anyhow::Result<Settings> {
    let settings = match toml::from_str::<File>(text) {
        Ok(read) => read.check,
        Err(e) => {
            let before = e.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = 1 + before.matches('\n').count();
            bail!("{}:{line}: {}", file.display(), e.message());
        }
    };
    if let Some(one) = settings.ignore.iter().find(|one| one.reason.trim().is_empty()) {
        bail!("{}: what is ignored of {} gives no reason; say why in reason", file.display(), one.rule);
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        parse(text, Path::new(NAME)).err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn paths_are_those_of_the_folder_of_the_file() -> anyhow::Result<()> {
        let text = "[check]\nschema = 'a.sql'\nworkload = ['q', '/r']\nrows = 7\nforeign-keys = true";
        let read = parse(text, Path::new(NAME))?.relative_to(Path::new("../.."));
        assert_eq!(read.schema, Some("../../a.sql".into()));
        assert_eq!(read.workload, [PathBuf::from("../../q"), "/r".into()]);
        assert_eq!((read.rows, read.foreign_keys, read.lock), (Some(7), true, None));
        Ok(())
    }

    #[test]
    fn what_is_not_known_is_refused_with_its_line() {
        assert!(
            said("[check]\nrow = 7").starts_with(".sqlite-advisor.toml:2: unknown field `row`"),
            "{}",
            said("[check]\nrow = 7")
        );
        assert!(said("[chekc]").starts_with(".sqlite-advisor.toml:1: unknown field `chekc`"));
        let ignore = |rule, reason| format!("[[check.ignore]]\nrule = '{rule}'\nreason = '{reason}'");
        assert!(said(&ignore("scans", "x")).starts_with(".sqlite-advisor.toml:2: unknown variant `scans`"));
        assert!(said(&ignore("full-scan", " ")).contains("full-scan gives no reason; say why"));
        assert_eq!(said(&ignore("full-scan", "at night")), "");
    }
}

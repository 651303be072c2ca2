//! M4: session templates hang directly on program days; scheduled_sessions goes.
//!
//! The original numbered the templates over the whole table, lost sessions without a template, completion data and
//! every second session of the same day and template, and copied days that do not exist. Here the number counts within
//! each day, the day is completed when all its sessions were, and every row that does not fit into the new table is
//! kept in scheduled_sessions_kept. A faithful run does as the original did; the notes count what it loses.

use super::Style;
use sqlite_advisor::change::{Rule, Step};

pub(super) fn steps(style: Style) -> Vec<Step> {
    let mut steps = vec![create("program_day_templates", PROGRAM_DAY_TEMPLATES)];
    if !style.faithful {
        steps.push(create("scheduled_sessions_kept", KEPT));
        steps.push(copy(
            "scheduled_sessions_kept",
            "id, day_id, session_template_id, is_completed, completion_data",
            LOST,
        ));
    }
    let move_rows = if style.faithful { RUNNING_NUMBER } else { NUMBER_IN_DAY };
    steps.push(copy("program_day_templates", "program_day_id, session_template_id, \"order\"", move_rows));
    if !style.faithful {
        steps.push(fill(
            "program_day_templates",
            "order",
            PLACES,
            "place",
            "place.of = program_day_templates.rowid AND program_day_templates.\"order\" IS NOT place.n",
            None,
            "place.n",
        ));
    }
    steps.push(Step::add_column("goals", "program_day_id", "TEXT"));
    steps.push(Step::add_column("program_days", "is_completed", "BOOLEAN DEFAULT 0"));
    steps.push(fill(
        "goals",
        "program_day_id",
        &contexts(style),
        "context",
        "context.of = goals.rowid AND context.day IS NOT NULL AND goals.program_day_id IS NULL",
        None,
        "context.day",
    ));
    if !style.faithful {
        steps.push(fill(
            "program_days",
            "is_completed",
            "day(id, done) AS (SELECT day_id, min(COALESCE(is_completed, 0)) FROM scheduled_sessions GROUP BY day_id)",
            "day",
            "day.id = program_days.id AND day.done AND NOT program_days.is_completed",
            Some("scheduled_sessions"),
            "1",
        ));
    }
    steps.push(Step::DropTable { table: "scheduled_sessions".into() });
    steps
}

/// What the original lost without a word.
pub(super) fn notes() -> Vec<Rule> {
    let note = |says: &str, filter: &str| {
        Rule::new("scheduled", says, &format!("SELECT id FROM scheduled_sessions AS s WHERE {filter}"))
    };
    vec![
        note("scheduled sessions without template", "session_template_id IS NULL"),
        note("scheduled sessions that are completed", "is_completed"),
        note("scheduled sessions with completion data", "completion_data IS NOT NULL"),
        note("scheduled sessions of a day that does not exist", "NOT EXISTS (SELECT 1 FROM program_days WHERE id = s.day_id)"),
        Rule::new(
            "scheduled",
            "scheduled sessions that repeat the day and template of another",
            "SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY day_id, session_template_id ORDER BY rowid) AS n
             FROM scheduled_sessions WHERE session_template_id IS NOT NULL) WHERE n > 1",
        ),
    ]
}

const PROGRAM_DAY_TEMPLATES: &str = "CREATE TABLE program_day_templates (
    program_day_id TEXT NOT NULL,
    session_template_id TEXT NOT NULL,
    \"order\" INTEGER DEFAULT 0,
    PRIMARY KEY (program_day_id, session_template_id),
    FOREIGN KEY (program_day_id) REFERENCES program_days (id) ON DELETE CASCADE,
    FOREIGN KEY (session_template_id) REFERENCES session_templates (id) ON DELETE CASCADE
)";

const KEPT: &str = "CREATE TABLE scheduled_sessions_kept (
    id TEXT PRIMARY KEY NOT NULL,
    day_id TEXT,
    session_template_id TEXT,
    is_completed BOOLEAN,
    completion_data TEXT
)";

/// Rows that program_day_templates cannot hold without loss.
const LOST: &str = "SELECT id, day_id, session_template_id, is_completed, completion_data
    FROM (SELECT *, row_number() OVER (PARTITION BY day_id, session_template_id ORDER BY rowid) AS n
          FROM scheduled_sessions) AS old
    WHERE (n > 1 OR is_completed OR completion_data IS NOT NULL
           OR session_template_id IS NULL OR session_template_id NOT IN (SELECT id FROM session_templates)
           OR day_id NOT IN (SELECT id FROM program_days))
      AND id NOT IN (SELECT id FROM scheduled_sessions_kept)";

const NUMBER_IN_DAY: &str = "SELECT day_id, session_template_id, n
    FROM (SELECT day_id, session_template_id, row_number() OVER (PARTITION BY day_id ORDER BY first) - 1 AS n
          FROM (SELECT day_id, session_template_id, min(rowid) AS first FROM scheduled_sessions
                WHERE session_template_id IN (SELECT id FROM session_templates) AND day_id IN (SELECT id FROM program_days)
                GROUP BY day_id, session_template_id)) AS old
    WHERE NOT EXISTS (SELECT 1 FROM program_day_templates AS new
                      WHERE new.program_day_id = old.day_id AND new.session_template_id = old.session_template_id)";

const RUNNING_NUMBER: &str = "SELECT day_id, session_template_id, n
    FROM (SELECT day_id, session_template_id, min(n) AS n
          FROM (SELECT day_id, session_template_id, row_number() OVER (ORDER BY rowid) - 1 AS n
                FROM scheduled_sessions WHERE session_template_id IS NOT NULL)
          GROUP BY day_id, session_template_id) AS old
    WHERE NOT EXISTS (SELECT 1 FROM program_day_templates AS new
                      WHERE new.program_day_id = old.day_id AND new.session_template_id = old.session_template_id)";

/// Where an earlier attempt numbered over the whole table.
const PLACES: &str = "place(of, n) AS (SELECT rowid,
    row_number() OVER (PARTITION BY program_day_id ORDER BY \"order\", rowid) - 1 FROM program_day_templates)";

/// The day that a session was made from, as the application wrote it into its JSON.
///
/// The application writes program_context to the top of attributes, where the original did not look; it found these
/// sessions only because session_data holds the same. A day that does not exist is not linked, except faithfully.
fn contexts(style: Style) -> String {
    let day = |column: &str, path: &str| {
        format!("iif(json_valid({column}), json_extract({column}, '$.{path}program_context.day_id'), NULL)")
    };
    let (deep, data) = (day("attributes", "session_data."), day("session_data", ""));
    let (value, filter) = if style.faithful {
        (format!("COALESCE({deep}, {data})"), "")
    } else {
        let top = day("attributes", "");
        (format!("COALESCE({deep}, {top}, {data})"), " WHERE day IN (SELECT id FROM program_days)")
    };
    format!(
        "context(of, day) AS (SELECT of, day FROM (SELECT rowid AS of, {value} AS day FROM goals
         WHERE type = 'PracticeSession' AND instr(COALESCE(attributes, '') || COALESCE(session_data, ''), 'program_context'))
         {filter})"
    )
}

fn create(table: &str, sql: &str) -> Step {
    Step::CreateTable { table: table.into(), sql: sql.into() }
}

fn copy(to: &str, columns: &str, select: &str) -> Step {
    Step::MoveRows {
        from: "scheduled_sessions".into(),
        to: to.into(),
        columns: columns.into(),
        select: select.into(),
    }
}

fn fill(
    table: &str,
    column: &str,
    with: &str,
    from: &str,
    predicate: &str,
    source: Option<&str>,
    value: &str,
) -> Step {
    Step::Backfill {
        table: table.into(),
        column: column.into(),
        with: with.into(),
        from: from.into(),
        value: value.into(),
        predicate: predicate.into(),
        source: source.map(str::to_owned),
    }
}

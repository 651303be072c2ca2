//! The tables as two real databases had them before any migration.
//!
//! The application's production and development files had drifted apart: development already has the columns for
//! splits and groups, and indexes on promoted session columns; production has two indexes on programs.

use rusqlite::Connection;
use sqlite_advisor::error::{Context, Error, Result};
use std::fmt;
use std::str::FromStr;

/// Which of the two real databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Variant {
    /// The file that people used: 13 tables, 2 named indexes.
    #[default]
    Production,
    /// The file of the application's author: 3 columns and 3 named indexes more.
    Development,
}

impl Variant {
    /// Both, in the order of their declaration.
    pub const ALL: [Variant; 2] = [Variant::Production, Variant::Development];

    /// The CREATE statements, tables before indexes and referenced tables mostly first.
    pub fn sql(self) -> &'static str {
        match self {
            Variant::Production => include_str!("schema/production.sql"),
            Variant::Development => include_str!("schema/development.sql"),
        }
    }

    /// Makes all tables and named indexes in an empty database.
    ///
    /// # Errors
    /// [`Error::Sqlite`] if the database already has one of them or cannot be written.
    pub fn create(self, conn: &Connection) -> Result<()> {
        conn.execute_batch(self.sql()).context(|| format!("cannot create the {self} schema"))
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Variant::Production => "production",
            Variant::Development => "development",
        })
    }
}

impl FromStr for Variant {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|v| v.to_string() == name).ok_or_else(|| {
            Error::Invalid(format!("unknown variant {name:?}; use \"production\" or \"development\""))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(variant: Variant) -> Result<Connection> {
        let conn = Connection::open_in_memory()?;
        variant.create(&conn)?;
        Ok(conn)
    }

    fn texts(conn: &Connection, sql: &str) -> Result<Vec<String>> {
        Ok(conn.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    const COLUMNS: &str = "
        SELECT t.name || ': ' || group_concat(c.name || ' ' || c.type || iif(c.\"notnull\", '!', '')
               || coalesce('=' || c.dflt_value, '') || iif(c.pk, ' #' || c.pk, ''), ', ' ORDER BY c.cid)
        FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' GROUP BY t.name ORDER BY t.name";

    #[test]
    fn production_has_the_columns_types_defaults_and_keys_of_the_real_file() -> Result<()> {
        let expected = [
            "activity_definitions: id TEXT #1, root_id TEXT!, name TEXT!, description TEXT='', \
             created_at TIMESTAMP=CURRENT_TIMESTAMP, has_sets BOOLEAN=0, has_metrics BOOLEAN=1, \
             metrics_multiplicative BOOLEAN=0",
            "activity_groups: id VARCHAR! #1, root_id VARCHAR!, name VARCHAR!, description VARCHAR, \
             created_at DATETIME, sort_order INTEGER",
            "activity_instances: id TEXT #1, practice_session_id TEXT!, activity_definition_id TEXT!, \
             created_at TIMESTAMP=CURRENT_TIMESTAMP, time_start TIMESTAMP, time_stop TIMESTAMP, \
             duration_seconds INTEGER",
            "goals: id TEXT #1, type TEXT!, name TEXT!, description TEXT='', deadline TIMESTAMP, \
             completed BOOLEAN=0, created_at TIMESTAMP=CURRENT_TIMESTAMP, parent_id TEXT, root_id TEXT, \
             duration_minutes INTEGER, session_data TEXT, targets TEXT, updated_at TIMESTAMP, \
             session_start TIMESTAMP, session_end TIMESTAMP, total_duration_seconds INTEGER, \
             template_id VARCHAR, attributes TEXT",
            "metric_definitions: id TEXT #1, activity_id TEXT!, name TEXT!, unit TEXT!, \
             created_at TIMESTAMP=CURRENT_TIMESTAMP, deleted_at TIMESTAMP, is_active BOOLEAN=1, \
             is_top_set_metric BOOLEAN=0, is_multiplicative BOOLEAN=1",
            "metric_values: id TEXT #1, activity_instance_id TEXT!, metric_definition_id TEXT!, value FLOAT!",
            "practice_session_goals: practice_session_id VARCHAR! #1, short_term_goal_id VARCHAR! #2",
            "program_blocks: id VARCHAR! #1, program_id VARCHAR!, name VARCHAR!, start_date DATE, end_date DATE, \
             color VARCHAR, goal_ids TEXT",
            "program_days: id VARCHAR! #1, block_id VARCHAR!, date DATE, day_number INTEGER, name VARCHAR, \
             notes TEXT",
            "programs: id VARCHAR #1, root_id VARCHAR!, name VARCHAR!, description VARCHAR='', \
             start_date TIMESTAMP!, end_date TIMESTAMP!, created_at TIMESTAMP!, updated_at TIMESTAMP!, \
             is_active BOOLEAN=1, goal_ids TEXT!, weekly_schedule TEXT!",
            "scheduled_sessions: id VARCHAR! #1, day_id VARCHAR!, session_template_id VARCHAR, \
             is_completed BOOLEAN, completion_data TEXT",
            "session_templates: id VARCHAR! #1, name VARCHAR!, description VARCHAR, root_id VARCHAR!, \
             created_at DATETIME, template_data VARCHAR!",
            "split_definitions: id VARCHAR! #1, activity_id VARCHAR!, name VARCHAR!, order INTEGER!, \
             created_at DATETIME",
        ];
        assert_eq!(texts(&database(Variant::Production)?, COLUMNS)?, expected);
        Ok(())
    }

    #[test]
    fn development_differs_from_production_in_five_tables_only() -> Result<()> {
        let (ours, theirs) = (database(Variant::Development)?, database(Variant::Production)?);
        let theirs = texts(&theirs, COLUMNS)?;
        let mut different = texts(&ours, COLUMNS)?;
        different.retain(|table| !theirs.contains(table));
        assert_eq!(
            different,
            [
                "activity_definitions: id TEXT #1, root_id TEXT!, name TEXT!, description TEXT='', \
                 created_at TIMESTAMP=CURRENT_TIMESTAMP, has_sets BOOLEAN=0, has_metrics BOOLEAN=1, \
                 metrics_multiplicative BOOLEAN=0, has_splits BOOLEAN=0, group_id VARCHAR",
                "activity_groups: id VARCHAR #1, root_id VARCHAR!, name VARCHAR!, description VARCHAR='', \
                 created_at TIMESTAMP, sort_order INTEGER=0",
                "goals: id TEXT #1, type TEXT!, name TEXT!, description TEXT='', deadline TIMESTAMP, \
                 completed BOOLEAN=0, created_at TIMESTAMP=CURRENT_TIMESTAMP, parent_id TEXT, root_id TEXT, \
                 duration_minutes INTEGER, session_data TEXT, targets TEXT, updated_at TIMESTAMP, \
                 session_start TIMESTAMP, session_end TIMESTAMP, total_duration_seconds INTEGER, \
                 template_id TEXT, attributes TEXT",
                "metric_values: id TEXT #1, activity_instance_id TEXT!, metric_definition_id TEXT!, value FLOAT!, \
                 split_definition_id STRING",
                "programs: id VARCHAR! #1, root_id VARCHAR!, name VARCHAR!, description VARCHAR, \
                 start_date DATETIME!, end_date DATETIME!, created_at DATETIME, updated_at DATETIME, \
                 is_active BOOLEAN, goal_ids TEXT!, weekly_schedule TEXT!",
            ]
        );
        Ok(())
    }

    #[test]
    fn foreign_keys_act_as_in_the_real_files() -> Result<()> {
        let sql = "SELECT t.name || '.' || k.\"from\" || ' -> ' || k.\"table\" || '.' || k.\"to\"
                          || iif(k.on_delete = 'NO ACTION', '', ' ' || k.on_delete)
                   FROM sqlite_schema t, pragma_foreign_key_list(t.name) k ORDER BY 1";
        let production = texts(&database(Variant::Production)?, sql)?;
        assert_eq!(
            production,
            [
                "activity_definitions.root_id -> goals.id",
                "activity_groups.root_id -> goals.id",
                "activity_instances.activity_definition_id -> activity_definitions.id",
                "activity_instances.practice_session_id -> goals.id CASCADE",
                "goals.parent_id -> goals.id CASCADE",
                "metric_definitions.activity_id -> activity_definitions.id",
                "metric_values.activity_instance_id -> activity_instances.id CASCADE",
                "metric_values.metric_definition_id -> metric_definitions.id RESTRICT",
                "practice_session_goals.practice_session_id -> goals.id CASCADE",
                "practice_session_goals.short_term_goal_id -> goals.id CASCADE",
                "program_blocks.program_id -> programs.id",
                "program_days.block_id -> program_blocks.id",
                "programs.root_id -> goals.id",
                "scheduled_sessions.day_id -> program_days.id",
                "scheduled_sessions.session_template_id -> session_templates.id",
                "session_templates.root_id -> goals.id",
                "split_definitions.activity_id -> activity_definitions.id",
            ]
        );
        let mut development = texts(&database(Variant::Development)?, sql)?;
        development.retain(|key| !production.contains(key));
        assert_eq!(
            development,
            [
                "activity_definitions.group_id -> activity_groups.id",
                "metric_values.split_definition_id -> split_definitions.id RESTRICT"
            ]
        );
        Ok(())
    }

    #[test]
    fn production_has_two_named_indexes_and_development_five_and_each_thirteen_of_keys() -> Result<()> {
        for (variant, named) in [(Variant::Production, 2), (Variant::Development, 5)] {
            let conn = database(variant)?;
            let indexes = texts(&conn, "SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name")?;
            let keys = indexes.iter().filter(|name| name.starts_with("sqlite_autoindex_")).count();
            assert_eq!((indexes.len() - keys, keys), (named, 13), "{variant}");
        }
        Ok(())
    }

    #[test]
    fn a_variant_is_read_by_its_name_and_an_unknown_one_is_refused() {
        assert_eq!("development".parse::<Variant>().ok(), Some(Variant::Development));
        let message = "staging".parse::<Variant>().unwrap_err().to_string();
        assert_eq!(message, "unknown variant \"staging\"; use \"production\" or \"development\"");
    }
}

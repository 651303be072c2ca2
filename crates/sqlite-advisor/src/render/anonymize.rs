//! A report that can be shown to strangers: the names of tables, columns, indexes and statements are numbers, and no value
//! stands in it. Plans, counters, times and the shapes of the statements stay.

use crate::model::report::{Common, NamedIndex, Recommendation, Rejected, Report, Search, Why};
use crate::sql::lexer::{Token, tokens};
use std::collections::BTreeMap;

/// The words of SQL that say nothing of the one who wrote them. Every other word is taken for a name.
const KNOWN: &str = "ABORT ACTION ADD AFTER ALL ALTER ALWAYS ANALYZE AND AS ASC ATTACH AUTOINCREMENT BEFORE BEGIN BETWEEN BY
    CASCADE CASE CAST CHECK COLLATE COLUMN COMMIT CONFLICT CONSTRAINT CREATE CROSS CURRENT CURRENT_DATE CURRENT_TIME
    CURRENT_TIMESTAMP DATABASE DEFAULT DEFERRABLE DEFERRED DELETE DESC DETACH DISTINCT DO DROP EACH ELSE END ESCAPE EXCEPT
    EXCLUDE EXCLUSIVE EXISTS EXPLAIN FAIL FILTER FIRST FOLLOWING FOR FOREIGN FROM FULL GENERATED GLOB GROUP GROUPS HAVING IF
    IGNORE IMMEDIATE IN INDEX INDEXED INITIALLY INNER INSERT INSTEAD INTERSECT INTO IS ISNULL JOIN KEY LAST LEFT LIKE LIMIT
    MATCH MATERIALIZED NATURAL NO NOT NOTHING NOTNULL NULL NULLS OF OFFSET ON OR ORDER OTHERS OUTER OVER PARTITION PLAN PRAGMA
    PRECEDING PRIMARY QUERY RAISE RANGE RECURSIVE REFERENCES REGEXP REINDEX RELEASE RENAME REPLACE RESTRICT RETURNING RIGHT
    ROLLBACK ROW ROWS SAVEPOINT SELECT SET TABLE TEMP TEMPORARY THEN TIES TO TRANSACTION TRIGGER UNBOUNDED UNION UNIQUE UPDATE
    USING VACUUM VALUES VIEW VIRTUAL WHEN WHERE WINDOW WITH WITHOUT TRUE FALSE ROWID MAIN BINARY NOCASE RTRIM INTEGER TEXT REAL
    BLOB NUMERIC SQLITE_SCHEMA SQLITE_MASTER SQLITE_STAT1 SQLITE_STAT4 ABS AVG CEIL CHANGES CHAR COALESCE CONCAT COUNT
    CUME_DIST DATE DATETIME DENSE_RANK EXP FIRST_VALUE FLOOR FORMAT GROUP_CONCAT HEX IFNULL IIF INSTR JSON JSON_ARRAY
    JSON_ARRAY_LENGTH JSON_EACH JSON_EXTRACT JSON_GROUP_ARRAY JSON_GROUP_OBJECT JSON_OBJECT JSON_TREE JSON_TYPE JSON_VALID
    JULIANDAY LAG LAST_VALUE LEAD LENGTH LIKELIHOOD LIKELY LN LOG LOWER LTRIM MAX MIN MOD NTILE NULLIF PERCENT_RANK POW POWER
    PRINTF QUOTE RANDOM RANDOMBLOB RANK ROUND ROW_NUMBER SIGN SQRT STRFTIME STRING_AGG SUBSTR SUBSTRING SUM TIME TOTAL TRIM
    TYPEOF UNICODE UNIXEPOCH UNLIKELY UPPER ZEROBLOB SCAN SEARCH COVERING AUTOMATIC PARTIAL USE TREE B COMPOUND MULTI SUBQUERY
    SCALAR LIST CORRELATED CO ROUTINE MATERIALIZE MERGE BLOOM CONSTANT STEP SETUP RECURSIVE ANY EXPR";

/// Replaces names and values. A new part of the report does not compile before it is decided here what becomes of it.
pub fn anonymize(mut report: Report) -> Report {
    let mut names = Names::of(&report);
    let Report {
        version: _,
        tool: _,
        sqlite: _,
        machine: _,
        database,
        workload,
        recommendations,
        rejected,
        existing,
        writes,
        statements,
        totals: _,
        curve,
        optimum: _,
        search,
        notes,
    } = &mut report;
    database.path = "database.db".to_owned();
    for (n, s) in (1..).zip(&mut workload.statements) {
        s.sql = names.in_sql(&s.sql);
        s.source = format!("workload:{n}");
        s.id = names.of_statement(&s.id);
        s.values.clear();
        s.labels.clear();
    }
    for s in &mut workload.skipped {
        s.error = names.in_prose(&s.error);
        s.sql = names.in_sql(&s.sql);
        s.source = "workload".to_owned();
    }
    recommendations.iter_mut().for_each(|r| names.in_recommendation(r));
    rejected.iter_mut().for_each(|r| names.in_rejected(r));
    for index in existing {
        index.name = names.name(&index.name);
        index.table = names.name(&index.table);
        index.why = index.why.as_deref().map(|why| names.in_prose(why));
        index.statements = index.statements.iter().map(|s| names.of_statement(s)).collect();
    }
    writes.iter_mut().for_each(|w| w.table = names.name(&w.table));
    for o in statements {
        o.id = names.of_statement(&o.id);
        o.plan_before = names.in_prose(&o.plan_before);
        o.plan_after = names.in_prose(&o.plan_after);
    }
    for point in curve {
        point.indexes = point.indexes.iter().map(|name| names.name(name)).collect();
    }
    search.iter_mut().for_each(|search| names.in_search(search));
    notes.iter_mut().for_each(|note| *note = names.in_prose(note));
    report
}

/// What each name is called. Names of SQLite do not know upper from lower case.
#[derive(Default)]
struct Names {
    names: BTreeMap<String, String>,
    statements: BTreeMap<String, String>,
}

impl Names {
    /// Everything that is a name in some SQL of the report, or is told as one.
    fn of(d: &Report) -> Self {
        let mut all = Self::default();
        for (n, s) in (1..).zip(&d.workload.statements) {
            all.statements.insert(s.id.clone(), format!("q{n}"));
            all.in_sql(&s.sql);
        }
        d.workload.skipped.iter().for_each(|s| drop(all.in_sql(&s.sql)));
        d.rejected.iter().for_each(|r| all.in_rejected(&mut r.clone()));
        d.recommendations.iter().for_each(|r| all.in_recommendation(&mut r.clone()));
        d.search.iter().for_each(|search| all.in_search(&mut search.clone()));
        for index in &d.existing {
            all.name(&index.table);
            all.name(&index.name);
        }
        d.writes.iter().for_each(|w| drop(all.name(&w.table)));
        all
    }

    fn name(&mut self, name: &str) -> String {
        let upper = name.to_ascii_uppercase();
        if name.is_empty() || KNOWN.split_whitespace().any(|known| known == upper) {
            return name.to_owned();
        }
        let next = self.names.len() + 1;
        self.names.entry(upper).or_insert_with(|| format!("n{next}")).clone()
    }

    fn of_statement(&self, id: &str) -> String {
        self.statements.get(id).cloned().unwrap_or_else(|| "q".to_owned())
    }

    /// SQL with other names, without comments and values.
    fn in_sql(&mut self, sql: &str) -> String {
        let (mut out, mut end) = (String::new(), 0);
        for token in tokens(sql) {
            // What stands between is white space or a comment.
            let gap = sql.get(end..token.start).unwrap_or_default();
            let space = if gap.contains('\n') { "\n" } else { " " };
            out.push_str(if gap.is_empty() || out.is_empty() { "" } else { space });
            out.push_str(&self.token(&token));
            end = token.end();
        }
        out
    }

    fn token(&mut self, token: &Token<'_>) -> String {
        match token.text.chars().next() {
            Some('\'') => "'?'".to_owned(),
            Some(c) if c.is_ascii_digit() => "0".to_owned(),
            Some(c) if c.is_alphanumeric() || "_\"`[".contains(c) => self.name(&token.name()),
            _ => token.text.to_owned(),
        }
    }

    /// A sentence or a plan: what is known as a name, a statement or a quoted value is replaced.
    fn in_prose(&self, text: &str) -> String {
        let mut text = without_quoted(text);
        let odd = self.names.iter().chain(&self.statements);
        let mut odd: Vec<_> = odd.filter(|(name, _)| name.contains(|c: char| !is_word(c))).collect();
        odd.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        for (name, other) in odd {
            text = replaced(&text, name, other);
        }
        let mut out = String::new();
        for piece in text.split_inclusive(|c: char| !is_word(c)) {
            let word = piece.trim_end_matches(|c: char| !is_word(c));
            let rest = piece.get(word.len()..).unwrap_or_default();
            out.push_str(&self.word(word));
            out.push_str(rest);
        }
        out
    }

    fn word(&self, word: &str) -> String {
        if let Some(statement) = self.statements.get(word) {
            return statement.clone();
        }
        let upper = word.to_ascii_uppercase();
        match upper.strip_prefix("SQLITE_AUTOINDEX_").and_then(|rest| rest.rsplit_once('_')) {
            Some((table, n)) => {
                let table = self.names.get(table).map_or("n", String::as_str);
                format!("sqlite_autoindex_{table}_{n}")
            }
            None => self.names.get(&upper).cloned().unwrap_or_else(|| word.to_owned()),
        }
    }

    fn in_recommendation(&mut self, r: &mut Recommendation) {
        match r {
            Recommendation::CreateIndex(c) => {
                c.sql = self.in_sql(&c.sql);
                self.in_index(&mut c.index);
                self.in_common(&mut c.common);
            }
            Recommendation::DropIndex(c) => {
                c.sql = self.in_sql(&c.sql);
                self.in_index(&mut c.index);
                self.in_common(&mut c.common);
            }
            Recommendation::Analyze(a) => {
                a.sql = self.in_sql(&a.sql);
                self.in_common(&mut a.common);
            }
            Recommendation::Rewrite(p) | Recommendation::Schema(p) => {
                p.sql = p.sql.as_deref().map(|sql| self.in_sql(sql));
                p.needs = p.needs.iter().map(|sql| self.in_sql(sql)).collect();
                p.table = p.table.as_deref().map(|table| self.name(table));
                p.columns = p.columns.iter().map(|column| self.in_sql(column)).collect();
                self.in_common(&mut p.common);
            }
        }
    }

    fn in_rejected(&mut self, rejected: &mut Rejected) {
        rejected.sql = self.in_sql(&rejected.sql);
        if let Why::Covered { by } = &mut rejected.why {
            *by = self.name(by);
        }
    }

    fn in_search(&mut self, search: &mut Search) {
        for behind in &mut search.behind {
            behind.statement = self.of_statement(&behind.statement);
            behind.indexes.iter_mut().for_each(|sql| *sql = self.in_sql(sql));
        }
        search.harmed.iter_mut().for_each(|harmed| harmed.statement = self.of_statement(&harmed.statement));
    }

    fn in_index(&mut self, index: &mut NamedIndex) {
        index.name = self.name(&index.name);
        index.table = self.name(&index.table);
        index.columns = index.columns.iter().map(|column| self.in_sql(column)).collect();
        index.filter = index.filter.as_deref().map(|filter| self.in_sql(filter));
        if let Some(cost) = &mut index.write_cost {
            cost.table = self.name(&cost.table);
        }
    }

    fn in_common(&mut self, common: &mut Common) {
        common.reason = self.in_prose(&common.reason);
        common.remedy = common.remedy.as_deref().map(|text| self.in_prose(text));
        common.helps.iter_mut().for_each(|h| h.statement = self.of_statement(&h.statement));
        if let Some(verification) = &mut common.verification {
            verification.note = self.in_prose(&verification.note);
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// The text with `?` for everything between single quotes.
fn without_quoted(text: &str) -> String {
    let mut pieces = text.split('\'');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    let rest: Vec<&str> = pieces.collect();
    for (i, piece) in rest.iter().enumerate() {
        // An apostrophe without a second one quotes nothing.
        let quotes = i % 2 == 0 && i + 1 < rest.len();
        out.push('\'');
        out.push_str(if quotes { "?" } else { piece });
    }
    out
}

/// Every place of a name, in any case.
fn replaced(text: &str, name: &str, other: &str) -> String {
    let (upper, wanted) = (text.to_ascii_uppercase(), name.to_ascii_uppercase());
    let (mut out, mut end) = (String::new(), 0);
    for (at, _) in upper.match_indices(&wanted) {
        out.push_str(text.get(end..at).unwrap_or_default());
        out.push_str(other);
        end = at + wanted.len();
    }
    out.push_str(text.get(end..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::report::{Behind, Harmed, WhyBehind};
    use crate::render::{Json, Markdown, Renderer, Sql, Style, Text};

    #[test]
    fn no_form_tells_a_name_or_a_value() -> Result<(), Box<dyn std::error::Error>> {
        let mut saved = crate::render::json::read(include_str!("../../tests/formats/library.json"))?;
        if let Some(statement) = saved.workload.statements.first_mut() {
            statement.sql =
                "SELECT \"a secret\" /* secret */ FROM Secret WHERE x = 'secret' -- secret".to_owned();
        }
        saved.search = Some(Search {
            behind: vec![Behind {
                statement: "by secret".to_owned(),
                times: 3.0,
                indexes: vec!["CREATE INDEX secret_x ON secret(secret_column) WHERE y = 'secret'".to_owned()],
                bytes: 4096,
                why: WhyBehind::Limits,
            }],
            harmed: vec![Harmed {
                statement: "secret page".to_owned(),
                scenario: "without statistics".to_owned(),
                times: 1.2,
            }],
            ..Search::default()
        });
        saved.notes.push("'secret' is in \"a secret\" of SECRET, sqlite_autoindex_Secret_1".to_owned());
        let tables: Vec<String> = saved.existing.iter().map(|i| i.table.clone()).collect();
        let hidden = anonymize(saved);
        let style = Style { width: 80, color: false };
        #[cfg_attr(not(feature = "html"), expect(unused_mut))]
        let mut forms: Vec<Box<dyn Renderer>> =
            vec![Box::new(Text(style)), Box::new(Json), Box::new(Sql::default()), Box::new(Markdown)];
        #[cfg(feature = "html")]
        forms.push(Box::new(crate::render::Html::default()));
        for form in forms {
            let told = form.to_text(&hidden)?.to_lowercase();
            assert!(!told.contains("secret"), "{told}");
            for table in &tables {
                assert!(!told.contains(&format!(" {}(", table.to_lowercase())), "{table}: {told}");
            }
        }
        Ok(())
    }

    #[test]
    fn sql_keeps_its_shape() {
        let mut names = Names::default();
        let sql = "SELECT count(*), u.Name FROM users u WHERE u.name = 'x' AND age > 30\nORDER BY 1";
        let hidden = "SELECT count(*), n1.n2 FROM n3 n1 WHERE n1.n2 = '?' AND n4 > 0\nORDER BY 0";
        assert_eq!(names.in_sql(sql), hidden);
        assert_eq!(
            names.in_prose("SCAN users USING INDEX sqlite_autoindex_users_1"),
            "SCAN n3 USING INDEX sqlite_autoindex_n3_1"
        );
        assert_eq!(without_quoted("it's one"), "it's one");
    }
}

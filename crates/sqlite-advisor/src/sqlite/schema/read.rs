//! Reading sqlite_schema: what SQLite's pragmas say, and the text where they are silent.

use super::{Column, ExistingIndex, ForeignKey, Object, Origin, Schema, Table, TableKind};
use crate::model::index::{Index, Key, Term};
use crate::sql::lexer::{Token, tokens};
use crate::sql::{definition, syntax};
use crate::sqlite::affinity::Affinity;
use crate::sqlite::rows::text;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;

pub(super) fn read(conn: &Connection) -> rusqlite::Result<Schema> {
    let mut schema = Schema::default();
    let mut entries =
        conn.prepare("SELECT type, name, tbl_name, sql FROM main.sqlite_schema ORDER BY rowid")?;
    let mut rows = entries.query([])?;
    let kinds = table_kinds(conn)?;
    while let Some(row) = rows.next()? {
        let field = |column| text(row, column).map(Option::unwrap_or_default);
        let (kind, name, table) = (field(0)?, field(1)?, field(2)?);
        let sql = text(row, 3)?;
        match kind.as_str() {
            "table" if name.starts_with("sqlite_") => {}
            "table" => {
                let (kind, strict) = kinds.get(&name).copied().unwrap_or((TableKind::Rowid, false));
                schema.tables.push(table_of(conn, name, kind, strict, sql.unwrap_or_default())?);
            }
            "index" => schema.indexes.extend(index_of(conn, name, table, sql)?),
            "view" => schema.views.push(Object { name, table, sql: sql.unwrap_or_default() }),
            "trigger" => schema.triggers.push(Object { name, table, sql: sql.unwrap_or_default() }),
            _ => {}
        }
    }
    Ok(schema)
}

fn table_kinds(conn: &Connection) -> rusqlite::Result<BTreeMap<String, (TableKind, bool)>> {
    let mut list =
        conn.prepare("SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main'")?;
    let rows = list.query_map([], |r| {
        let kind = match (r.get_ref(1)?.as_str()?, r.get::<_, bool>(2)?) {
            ("virtual", _) => TableKind::Virtual,
            ("shadow", _) => TableKind::Shadow,
            (_, true) => TableKind::WithoutRowid,
            (_, false) => TableKind::Rowid,
        };
        Ok((r.get(0)?, (kind, r.get(3)?)))
    })?;
    rows.collect()
}

fn table_of(
    conn: &Connection,
    name: String,
    kind: TableKind,
    strict: bool,
    sql: String,
) -> rusqlite::Result<Table> {
    let words = tokens(&sql);
    // A virtual table's columns cannot be read where its module is missing; the table is then without columns.
    let columns = columns_of(conn, &name, &words)
        .or_else(|e| if kind == TableKind::Virtual { Ok(vec![]) } else { Err(e) })?;
    let mut foreign_keys: BTreeMap<i64, ForeignKey> = BTreeMap::new();
    let mut list = conn.prepare(
        "SELECT id, \"table\", \"from\", \"to\", on_delete, on_update FROM pragma_foreign_key_list(?) ORDER BY id, seq",
    )?;
    let mut rows = list.query([&name])?;
    while let Some(row) = rows.next()? {
        let key = foreign_keys.entry(row.get(0)?).or_insert(ForeignKey {
            parent: row.get(1)?,
            parent_columns: vec![],
            columns: vec![],
            on_delete: row.get(4)?,
            on_update: row.get(5)?,
        });
        key.columns.push(row.get(2)?);
        key.parent_columns.extend(row.get::<_, Option<String>>(3)?);
    }
    let foreign_keys = foreign_keys.into_values().collect();
    let key = if kind == TableKind::WithoutRowid { key_of(conn, &name)? } else { None };
    let (checks, autoincrement) = (definition::checks(&words), definition::has(&words, "AUTOINCREMENT"));
    Ok(Table { name, kind, strict, columns, foreign_keys, checks, autoincrement, sql, key })
}

fn columns_of(conn: &Connection, table: &str, words: &[Token<'_>]) -> rusqlite::Result<Vec<Column>> {
    let mut list = conn.prepare(
        "SELECT name, type, \"notnull\", pk, hidden, dflt_value FROM pragma_table_xinfo(?) WHERE hidden <> 1",
    )?;
    let mut rows = list.query([table])?;
    let mut columns = vec![];
    while let Some(row) = rows.next()? {
        let field = |column| text(row, column).map(Option::unwrap_or_default);
        let (name, declared_type) = (field(0)?, field(1)?);
        let collation = conn
            .column_metadata(Some("main"), table, name.as_str())
            .ok()
            .and_then(|(_, collation, ..)| collation.map(|c| c.to_string_lossy().into_owned()))
            .unwrap_or_else(|| "BINARY".to_owned());
        columns.push(Column {
            affinity: Affinity::of(&declared_type),
            collation,
            not_null: row.get(2)?,
            key_position: row.get(3)?,
            generated: (row.get::<_, i64>(4)? >= 2).then(|| definition::generated(words, &name)),
            default: text(row, 5)?,
            name,
            declared_type,
        });
    }
    Ok(columns)
}

fn key_of(conn: &Connection, table: &str) -> rusqlite::Result<Option<ExistingIndex>> {
    let sql = "SELECT name FROM pragma_index_list(?) WHERE origin = 'pk'";
    let name = conn.query_row(sql, [table], |r| r.get(0)).optional()?;
    name.map_or(Ok(None), |name| index_of(conn, name, table.to_owned(), None))
}

fn index_of(
    conn: &Connection,
    name: String,
    table: String,
    sql: Option<String>,
) -> rusqlite::Result<Option<ExistingIndex>> {
    let flags = conn
        .query_row(
            "SELECT \"unique\", origin FROM pragma_index_list(?) WHERE name = ?",
            params![table, name],
            |r| {
                let origin = match r.get_ref(1)?.as_str()? {
                    "pk" => Origin::PrimaryKey,
                    "u" => Origin::Unique,
                    _ => Origin::Created,
                };
                Ok((r.get::<_, bool>(0)?, origin))
            },
        )
        .optional()?;
    let Some((unique, origin)) = flags else { return Ok(None) };
    let parsed = sql.as_deref().map(written_terms).unwrap_or_default();
    let mut key = vec![];
    let mut list = conn.prepare(
        "SELECT x.name, x.\"desc\", x.coll, x.seqno FROM pragma_index_xinfo(?1) x WHERE x.key ORDER BY x.seqno",
    )?;
    let mut rows = list.query([&name])?;
    while let Some(row) = rows.next()? {
        let column: Option<String> = row.get(0)?;
        let written = parsed.terms.get(row.get::<_, usize>(3)?);
        let collation: String = row.get(2)?;
        let own = column.as_deref().and_then(|c| conn.column_metadata(Some("main"), table.as_str(), c).ok());
        let own = own.and_then(|(_, c, ..)| c.map(|c| c.to_string_lossy().into_owned()));
        let default = own.as_deref().unwrap_or("BINARY");
        key.push(Term {
            collation: (!collation.eq_ignore_ascii_case(default)).then_some(collation),
            descending: row.get(1)?,
            key: match column {
                Some(column) => Key::Column(column),
                None => Key::Expression(written.cloned().unwrap_or_else(|| "rowid".to_owned())),
            },
        });
    }
    let index = Index { table, key, filter: parsed.filter };
    Ok(Some(ExistingIndex { name, index, unique, origin, sql }))
}

/// What only the text of a CREATE INDEX says: its expressions and its WHERE.
#[derive(Default)]
struct Written {
    terms: Vec<String>,
    filter: Option<String>,
}

fn written_terms(sql: &str) -> Written {
    use turso_parser::ast::{Cmd, Expr, Stmt};
    let mut parser = turso_parser::parser::Parser::new(sql.as_bytes());
    let Ok(Some(Cmd::Stmt(Stmt::CreateIndex { columns, where_clause, .. }))) = parser.next_cmd() else {
        return cut_terms(sql);
    };
    let terms = columns
        .iter()
        .map(|c| match c.expr.as_ref() {
            Expr::Collate(inner, _) => syntax::expression_text(inner),
            other => syntax::expression_text(other),
        })
        .collect();
    Written { terms, filter: where_clause.map(|w| syntax::expression_text(&w)) }
}

/// The same by tokens, for what the parser does not know: as written, direction and collation cut off.
fn cut_terms(sql: &str) -> Written {
    let words = tokens(sql);
    let text = |words: &[Token<'_>]| match words {
        [first, .., last] => sql.get(first.start..last.end()).unwrap_or_default().to_owned(),
        [only] => only.text.to_owned(),
        [] => String::new(),
    };
    let term = |mut piece: &[Token<'_>]| {
        if let [head @ .., direction] = piece
            && (direction.is("ASC") || direction.is("DESC"))
        {
            piece = head;
        }
        if let [head @ .., collate, _] = piece
            && collate.is("COLLATE")
        {
            piece = head;
        }
        text(piece)
    };
    Written {
        terms: definition::pieces(&words).into_iter().map(term).collect(),
        filter: definition::filter(&words).map(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_that_the_parser_cannot_read_still_has_its_key_and_filter() {
        let written = cut_terms(
            "CREATE INDEX i ON 't'(lower(a) COLLATE NOCASE DESC, b, c ASC) WHERE a = 'x  y' -- all",
        );
        assert_eq!(written.terms, ["lower(a)", "b", "c"]);
        assert_eq!(written.filter.as_deref(), Some("a = 'x  y'"));
        assert!(cut_terms("CREATE").terms.is_empty());
    }
}

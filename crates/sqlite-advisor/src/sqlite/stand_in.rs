//! Stand-ins for functions and collating sequences that only the application has.
//!
//! With them its schema can be used and its statements be planned. A statement that needs one is never run, because a
//! stand-in gives no true answer. A collating sequence is made the moment that SQLite asks for it
//! (<https://www.sqlite.org/c3ref/collation_needed.html>), on every connection; a function is made once it is known to be
//! missing.

use crate::model::index::{Key, quote};
use crate::sqlite::schema::{ExistingIndex, Schema, TableKind};
use crate::sqlite::session::Session;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Statement, ffi};
use std::collections::BTreeSet;
use std::ffi::{c_char, c_int, c_void};

/// What had to be made up so that the statements can be prepared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StandIns {
    /// Functions, by name.
    pub functions: BTreeSet<String>,
    /// Collating sequences, by name.
    pub collations: BTreeSet<String>,
}

/// How many names of one statement are made up before it is given up.
const MOST: usize = 64;

/// The collating sequences that SQLite has itself.
const BUILT_IN: [&str; 3] = ["BINARY", "NOCASE", "RTRIM"];

impl StandIns {
    /// What the schema itself needs: its indexes, checks, generated columns, defaults, triggers and views. SQLite is made to
    /// compile each of them; nothing is run.
    pub fn of_schema(session: &Session, schema: &Schema) -> Self {
        let mut found = Self::default();
        let tables =
            schema.tables.iter().filter(|t| matches!(t.kind, TableKind::Rowid | TableKind::WithoutRowid));
        let mut texts: Vec<String> = vec![];
        for table in tables {
            let (name, column) = (quote(&table.name), table.columns.iter().find(|c| c.generated.is_none()));
            texts.push(format!("SELECT * FROM {name}"));
            texts.push(format!("INSERT INTO {name} DEFAULT VALUES"));
            texts.push(format!("DELETE FROM {name}"));
            texts.extend(column.map(|c| format!("UPDATE {name} SET {0} = {0}", quote(&c.name))));
        }
        texts.extend(schema.views.iter().map(|view| format!("SELECT * FROM {}", quote(&view.name))));
        for text in texts {
            // What cannot be compiled for another reason is told where a statement needs it.
            drop(found.prepare(session, &text));
        }
        found
    }

    /// True where nothing had to be made up.
    pub fn is_empty(&self) -> bool {
        self.functions.is_empty() && self.collations.is_empty()
    }

    /// Registers the functions on another connection, and sees to its collating sequences.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn install(&self, conn: &Connection) -> rusqlite::Result<()> {
        make_collations_on_demand(conn);
        self.functions.iter().try_for_each(|name| function(conn, name))
    }

    /// Puts the indexes of a copy in the order of the stand-ins, so that writes find their entries there.
    pub fn reindex(&self, session: &Session, schema: &Schema) {
        for index in schema.indexes.iter().filter(|index| self.orders(schema, index)) {
            // An index that cannot be rebuilt stays as it is; only statements that are not run read it.
            drop(session.connection().execute_batch(&format!("REINDEX {}", quote(&index.name))));
        }
    }

    fn orders(&self, schema: &Schema, index: &ExistingIndex) -> bool {
        let column =
            |name: &str| schema.table(&index.index.table)?.column(name).map(|c| c.collation.as_str());
        index.index.key.iter().any(|term| match &term.key {
            Key::Expression(text) => names_one(&self.functions, text),
            Key::Column(name) => {
                let own = term.collation.as_deref().or_else(|| column(name));
                own.is_some_and(|c| self.collations.iter().any(|made| made.eq_ignore_ascii_case(c)))
            }
        })
    }

    /// Prepares a statement, making up what it lacks; tells whether anything of it was made up.
    ///
    /// # Errors
    /// SQLite's own, if something else is wrong with the statement.
    pub fn prepare<'s>(
        &mut self,
        session: &'s Session,
        sql: &str,
    ) -> rusqlite::Result<(Statement<'s>, bool)> {
        let statement = self.supplying(session.connection(), || session.prepare(sql))?;
        self.collations.extend(made_collations(session)?);
        Ok((statement, self.appear_in(session, sql)?))
    }

    /// Does something again and again until no function is missing that can be made up.
    ///
    /// # Errors
    /// SQLite's own, if something else is wrong.
    pub fn supplying<T>(
        &mut self,
        conn: &Connection,
        work: impl Fn() -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        for _ in 0..MOST {
            let error = match work() {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            let message = error.to_string();
            // The second is what SQLite says of a function in the schema.
            let name =
                ["no such function: ", "unknown function: "].iter().find_map(|says| named(&message, says));
            let Some(name) = name.filter(|name| !self.functions.contains(*name)) else { return Err(error) };
            function(conn, name)?;
            self.functions.insert(name.to_owned());
        }
        work()
    }

    /// The program of the statement calls one of ours. Too many matches only cost a comparison.
    fn appear_in(&self, session: &Session, sql: &str) -> rusqlite::Result<bool> {
        if self.is_empty() {
            return Ok(false);
        }
        let all: BTreeSet<String> = self.functions.union(&self.collations).cloned().collect();
        // The statement has passed the guard, and EXPLAIN runs nothing of it.
        let mut program = session.connection().prepare(&format!("EXPLAIN {sql}"))?;
        let mut steps = program.raw_query();
        while let Some(step) = steps.next()? {
            let operand = step.get_ref("p4")?.as_bytes_or_null().ok().flatten().unwrap_or_default();
            if names_one(&all, &String::from_utf8_lossy(operand)) {
                return Ok(true);
            }
        }
        Ok(names_one(&all, sql))
    }
}

/// One of the names is a word of the text.
fn names_one(names: &BTreeSet<String>, text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let word = |name: &String| text.split(|c| !is_part(c)).any(|word| name.eq_ignore_ascii_case(word));
    let odd =
        |name: &String| !name.chars().all(is_part) && text.to_lowercase().contains(&name.to_lowercase());
    names.iter().any(|name| word(name) || odd(name))
}

fn named<'m>(message: &'m str, prefix: &str) -> Option<&'m str> {
    let rest = message.split_once(prefix)?.1;
    rest.split(|c: char| c.is_whitespace() || c == '(').next().filter(|name| !name.is_empty())
}

fn function(conn: &Connection, name: &str) -> rusqlite::Result<()> {
    let any_arguments = -1;
    // Deterministic, because an index on an expression may hold only such functions.
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function(name, any_arguments, flags, |_| Ok(rusqlite::types::Null))
}

/// The collating sequences of a connection that are not SQLite's own.
fn made_collations(session: &Session) -> rusqlite::Result<Vec<String>> {
    let mut list = session.connection().prepare_cached("SELECT name FROM pragma_collation_list")?;
    let names = list.query_map([], |row| row.get::<_, String>(0))?;
    names.filter(|name| name.as_ref().map_or(true, |n| !BUILT_IN.contains(&n.as_str()))).collect()
}

/// Gives the connection a stand-in for every collating sequence that it lacks, in whatever encoding its database is.
pub(super) fn make_collations_on_demand(conn: &Connection) {
    // SAFETY: the handle is of an open connection; the callback holds no data of ours and lives as long as the program.
    unsafe { ffi::sqlite3_collation_needed(conn.handle(), std::ptr::null_mut(), Some(make_collation)) };
}

unsafe extern "C" fn make_collation(_: *mut c_void, db: *mut ffi::sqlite3, _: c_int, name: *const c_char) {
    // SAFETY: SQLite calls with the open connection that asks and a name that ends in NUL. If it refuses, it says itself
    // that there is no such collating sequence.
    unsafe {
        ffi::sqlite3_create_collation_v2(
            db,
            name,
            ffi::SQLITE_UTF8,
            std::ptr::null_mut(),
            Some(by_bytes),
            None,
        );
    }
}

/// The order of the bytes, as BINARY has it.
unsafe extern "C" fn by_bytes(
    _: *mut c_void,
    a_bytes: c_int,
    a: *const c_void,
    b_bytes: c_int,
    b: *const c_void,
) -> c_int {
    let text = |start: *const c_void, bytes: c_int| match usize::try_from(bytes) {
        // SAFETY: SQLite hands over two texts with their lengths, which live until this call ends.
        Ok(length) if length > 0 => unsafe { std::slice::from_raw_parts(start.cast::<u8>(), length) },
        _ => &[],
    };
    text(a, a_bytes).cmp(text(b, b_bytes)) as c_int
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_the_application_has_is_made_up_and_said() -> crate::Result<()> {
        let session = Session::in_memory()?;
        session.connection().execute_batch("CREATE TABLE t(a)")?;
        let mut made = StandIns::default();
        assert!(!made.prepare(&session, "SELECT a FROM t")?.1);
        assert!(made.prepare(&session, "SELECT distance(a, 1, 2) FROM t ORDER BY a COLLATE german")?.1);
        assert!(made.prepare(&session, "SELECT Distance(a) FROM t")?.1);
        assert_eq!((made.functions.len(), made.collations.len()), (1, 1));
        assert!(made.prepare(&session, "SELECT b FROM t").is_err());
        let other = Session::in_memory()?;
        made.install(other.connection())?;
        assert!(other.prepare("SELECT distance(1)").is_ok());
        Ok(())
    }

    /// A table as an application with functions and collating sequences of its own leaves it.
    fn of_the_application(conn: &Connection) -> crate::Result<()> {
        function(conn, "f")?;
        make_collations_on_demand(conn);
        conn.execute_batch(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT COLLATE unicase, b, c CHECK (g(c) IS NULL), d AS (h(b)), plain);
             CREATE INDEX ta ON t(a); CREATE INDEX te ON t(f(b)); CREATE TABLE other(x);
             CREATE TRIGGER tr AFTER UPDATE ON other BEGIN DELETE FROM t WHERE k(b) = new.x; END;",
        )?;
        Ok(())
    }

    #[test]
    fn what_the_schema_itself_needs_is_found_and_marks_the_statements_that_use_it() -> crate::Result<()> {
        let file = tempfile::NamedTempFile::new().map_err(crate::Error::file("cannot make", "t".as_ref()))?;
        let conn = Connection::open(file.path())?;
        for name in ["g", "h", "k"] {
            function(&conn, name)?;
        }
        of_the_application(&conn)?;
        drop(conn);
        let session = Session::open(file.path(), crate::cancel::CancelToken::never())?;
        let schema = Schema::read(session.connection())?;
        let mut made = StandIns::of_schema(&session, &schema);
        assert_eq!(made.functions.iter().map(String::as_str).collect::<Vec<_>>(), ["f", "g", "h", "k"]);
        assert_eq!(made.collations.iter().map(String::as_str).collect::<Vec<_>>(), ["unicase"]);
        for (sql, expected) in [
            ("SELECT plain FROM t WHERE id = 5", false),
            ("SELECT x FROM other", false),
            ("SELECT plain FROM t WHERE a = 'x'", true),
            ("SELECT d FROM t", true),
            ("INSERT INTO t(b) VALUES (1)", true),
            ("UPDATE other SET x = 1", true),
        ] {
            assert_eq!(made.prepare(&session, sql)?.1, expected, "{sql}");
        }
        made.reindex(&session, &schema);
        session.connection().execute_batch("ANALYZE; DELETE FROM t")?;
        Ok(())
    }
}

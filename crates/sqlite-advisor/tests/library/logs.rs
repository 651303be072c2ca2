//! Logs that real programs wrote, kept in tests/logs: each is recognised, and what it tells of is what the program sent.

use anyhow::Result;
use rusqlite::types::Value;
use sqlite_advisor::progress::Silent;
use sqlite_advisor::workload::{Queries, read_queries, read_text};
use std::path::Path;

/// The log of that name, the format that was recognised, and the statements, as `executions sql`.
fn read(name: &str) -> Result<(Queries, &'static str, Vec<String>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs").join(name);
    let read = read_queries(&[path], &Silent)?;
    let format = read.files.first().map_or("", |file| file.format);
    let told = read.queries.iter().map(|q| format!("{} {}", q.executions, one_line(&q.sql))).collect();
    Ok((read, format, told))
}

fn one_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// The values of a statement's first set.
fn values(read: &Queries, part: &str) -> Vec<Value> {
    let query = read.queries.iter().find(|q| one_line(&q.sql).contains(part));
    let set = query.and_then(|q| q.parameters.first().cloned()).unwrap_or_default();
    set.into_iter().map(|(_, value)| value).collect()
}

#[test]
fn sqlalchemy() -> Result<()> {
    let (read, format, told) = read("sqlalchemy.log")?;
    assert_eq!(format, "a log of SQLAlchemy");
    assert_eq!(
        told,
        [
            "20 INSERT INTO person (name, age, note) VALUES (?, ?, ?)",
            "3 SELECT person.name FROM person WHERE person.age = ? AND person.name LIKE ?",
            "2 SELECT person.id, person.name, person.age, person.note FROM person WHERE person.id IN (?, ?, ?)",
            "1 UPDATE person SET note=? WHERE person.name = ?",
            "1 select ?, ?",
        ]
    );
    assert_eq!(values(&read, "UPDATE person"), [text("x"), text("it's 'N3'\nnew")]);
    assert_eq!(values(&read, "select ?, ?"), [Value::Real(1.5), Value::Blob(vec![0, 255])]);
    Ok(())
}

#[test]
fn sqlalchemy_s_notes_of_inserts_in_batches_and_of_many_rows_are_no_statements() -> Result<()> {
    let (read, _, told) = read("sqlalchemy-many.log")?;
    assert_eq!(
        told,
        [
            "4 INSERT INTO author (name, born) VALUES (?, ?) RETURNING id",
            "1 INSERT INTO book (author_id, title, cover, price, added) VALUES (?, ?, ?, ?, ?) RETURNING id",
            "500 INSERT INTO author (name) VALUES (?)",
        ]
    );
    assert_eq!(values(&read, "author (name, born)"), [text("O'Neil 0\nsecond line"), text("1950-01-01")]);
    Ok(())
}

#[test]
fn django() -> Result<()> {
    let (read, format, told) = read("django.log")?;
    assert_eq!(format, "a log of Django");
    let counts: Vec<&str> = told.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(counts, ["3", "3", "1", "1", "1", "1", "12"]);
    assert_eq!(told[6], "12 UPDATE auth_user SET first_name = ? WHERE id = ?");
    assert_eq!(values(&read, "UPDATE auth_user")[0], text("many"));
    assert!(told[1].ends_with("WHERE \"auth_user\".\"username\" = ?1"), "{}", told[1]);
    assert!(told[3].contains("\"last_name\" = 'a b', \"last_login\" = NULL"), "{}", told[3]);
    assert_eq!(values(&read, "\"username\" = ?1"), [text("u0")]);
    Ok(())
}

#[test]
fn peewee() -> Result<()> {
    let (read, format, told) = read("peewee.log")?;
    assert_eq!(format, "a log of peewee");
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told[3].starts_with("2 INSERT INTO \"person\""), "{told:?}");
    assert_eq!(read.files[0].unread.lines, 0, "a value that is not written down costs its set alone");
    assert!(told[0].starts_with("3 INSERT INTO \"p\""), "{told:?}");
    assert_eq!(values(&read, "ORDER BY"), [text("x\"y"), Value::Integer(2), Value::Integer(3)]);
    Ok(())
}

#[test]
fn drizzle() -> Result<()> {
    let (read, format, told) = read("drizzle.log")?;
    assert_eq!(format, "a log of Drizzle");
    assert_eq!(
        told[0],
        "2 select \"id\", \"name\", \"age\", \"note\" from \"users\" where \"users\".\"age\" = ?"
    );
    assert_eq!(told.len(), 4);
    assert_eq!(values(&read, "like ?")[3], text("it's -- params: [%"));
    assert_eq!(values(&read, "update"), [Value::Null, Value::Integer(3)]);
    Ok(())
}

#[test]
fn typeorm() -> Result<()> {
    let (read, format, told) = read("typeorm.log")?;
    assert_eq!(format, "a log of TypeORM");
    assert!(told.iter().any(|line| line.starts_with("3 SELECT \"User\".\"id\" AS \"User_id\"")), "{told:#?}");
    assert!(told.iter().any(|line| line.starts_with("2 INSERT INTO \"users\"")), "{told:#?}");
    assert_eq!(values(&read, "INSERT INTO"), [text("n'0"), Value::Null]);
    Ok(())
}

#[test]
fn knex() -> Result<()> {
    let (read, format, told) = read("knex.log")?;
    assert_eq!(format, "a log of Knex");
    assert_eq!(
        told,
        [
            "2 insert into `users` (`age`, `name`) values (?, ?)",
            "2 select `name` from `users` where `age` = ? limit ?",
            "1 select * from `users` where `id` in (?, ?)"
        ]
    );
    assert_eq!(values(&read, "insert"), [Value::Null, text("n'0")]);
    Ok(())
}

#[test]
fn better_sqlite3_and_the_shell_s_trace_print_plain_sql() -> Result<()> {
    let (_, format, told) = read("better-sqlite3.log")?;
    assert_eq!(format, "SQL");
    let counts: Vec<&str> = told.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(counts, ["5", "3", "1"], "{told:#?}");
    let (_, _, told) = read("trace.log")?;
    assert_eq!(told, ["1 INSERT INTO t VALUES (1, NULL)", "2 SELECT a FROM t WHERE b = ?1"]);
    Ok(())
}

#[test]
fn rails() -> Result<()> {
    let (read, format, told) = read("rails.log")?;
    assert_eq!(format, "a log of Rails");
    assert_eq!(
        told,
        [
            "2 INSERT INTO \"authors\" (\"name\", \"born\") VALUES (?, ?)",
            "2 INSERT INTO \"books\" (\"author_id\", \"title\", \"price\", \"cover\") VALUES (?, ?, ?, ?)",
            "6 SELECT \"books\".* FROM \"books\" WHERE \"books\".\"author_id\" = ? AND \"books\".\"price\" BETWEEN ? AND ? \
             ORDER BY \"books\".\"title\" DESC LIMIT ?",
            "1 SELECT \"authors\".* FROM \"authors\" WHERE \"authors\".\"id\" = ?",
            "2 SELECT \"authors\".* FROM \"authors\" WHERE \"authors\".\"id\" IN (?, ?, ?)",
            "1 SELECT \"authors\".* FROM \"authors\" WHERE (name LIKE 'it''''s%')",
            "4 SELECT \"authors\".* FROM \"authors\" WHERE \"authors\".\"name\" = ? LIMIT ?",
        ]
    );
    assert_eq!(values(&read, "\"authors\" (")[0], text("it's [[\"id\", 0]] (1.0ms)  SELECT"));
    Ok(())
}

#[test]
fn the_first_gorm() -> Result<()> {
    let (_, format, told) = read("gorm-v1.log")?;
    assert_eq!(format, "a log of GORM");
    assert_eq!(
        told,
        [
            "2 INSERT INTO \"users\" (\"name\", \"age\") VALUES (?1, ?2)",
            "1 INSERT INTO \"posts\" (\"user_id\",\"title\") VALUES (1,'a b')",
            "3 SELECT * FROM \"users\" WHERE (age = ?1 AND name LIKE 'its%') ORDER BY name DESC LIMIT 3",
            "1 SELECT count(*) FROM \"posts\" WHERE (user_id > 1)",
            "1 UPDATE posts SET title = title || 'x' WHERE id = 3",
        ]
    );
    Ok(())
}

#[test]
fn ent() -> Result<()> {
    let (read, format, told) = read("ent.log")?;
    assert_eq!(format, "a log of ent");
    assert_eq!(
        told,
        [
            "3 INSERT INTO `users` (`name`, `age`, `note`) VALUES (?, ?, NULL)",
            "3 SELECT `id`, `name` FROM `users` WHERE `age` = ? AND `name` LIKE ? ORDER BY `id` DESC LIMIT 3",
            "3 SELECT * FROM `users` WHERE `id` IN (?)",
            "1 UPDATE `users` SET `name` = ? WHERE `id` = ?",
            "1 DELETE FROM `users` WHERE `age` = ?",
        ]
    );
    assert_eq!(values(&read, "LIKE ?"), [Value::Integer(0), text("a%")]);
    assert_eq!(values(&read, "UPDATE"), [], "Go writes a text of several words as several values");
    Ok(())
}

#[test]
fn sqlx() -> Result<()> {
    let (_, format, told) = read("sqlx.log")?;
    assert_eq!(format, "a log of sqlx");
    let counts: Vec<&str> = told.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(counts, ["2", "3", "3", "1", "1", "1"], "{told:#?}");
    assert!(told[1].ends_with("WHERE age = ?1 AND name <> 'a\\b'"), "{}", told[1]);
    Ok(())
}

/// Formats of programs that cannot be run here, in the form that their documentation shows.
#[test]
fn forms_from_documentation() -> Result<()> {
    for (log, format, expected) in [
        (
            "prisma:query SELECT `main`.`User`.`id` FROM `main`.`User` WHERE `main`.`User`.`id` = ? LIMIT ? OFFSET ?\nserver ready",
            "a log of Prisma",
            "SELECT `main`.`User`.`id` FROM `main`.`User` WHERE `main`.`User`.`id` = ? LIMIT ? OFFSET ? | ",
        ),
        (
            "Query: SELECT a FROM t WHERE b = ? LIMIT ?\nParams: [\"x\",1]\nDuration: 2ms\n",
            "a log of Prisma",
            "SELECT a FROM t WHERE b = ? LIMIT ? | x 1",
        ),
        (
            "2024/01/01 12:00:00 main.go:23\n[0.123ms] [rows:1] SELECT * FROM `users` WHERE `users`.`id` = 1 AND name = 'a]b'\n",
            "a log of GORM",
            "SELECT * FROM `users` WHERE `users`.`id` = 1 AND name = 'a]b' | ",
        ),
        (
            "[xorm] [info]  2024/01/01 12:00:00.000000 [SQL] SELECT `id` FROM `user` WHERE (id=?) LIMIT 1 [5] - 1.234ms\n",
            "a log of xorm",
            "SELECT `id` FROM `user` WHERE (id=?) LIMIT 1 | 5",
        ),
        (
            "[2023-02-24T17:14:00Z INFO  sqlx::query] summary=\"select 1 as \\\"foo: …\" db.statement=\"\\n\\nselect\\n  1 as \\\"foo: MyInt\\\"\\n\" rows_affected=0 rows_returned=1 elapsed=44.5µs\n",
            "a log of sqlx",
            "select 1 as \"foo: MyInt\" | ",
        ),
        (
            "[\n  {\n    \"query\": \"SELECT a FROM t WHERE b = ?\",\n    \"avgRowsRead\": 2,\n    \"numberOfTimesRun\": 1\n  }\n]",
            "queries as JSON",
            "SELECT a FROM t WHERE b = ? | ",
        ),
        (
            "{\n  \"db_name\": \"SQLite\",\n  \"query\": \"SELECT a FROM t WHERE b = $1\",\n  \"describe\": {\"columns\": []},\n  \"hash\": \"x\"\n}",
            "queries as JSON",
            "SELECT a FROM t WHERE b = ?1 | ",
        ),
        (
            "import foo.Bar;\n\nCREATE TABLE t(a, b);\n\nbyB:\nSELECT a\nFROM t WHERE b = :b;\n",
            "SQLDelight",
            "SELECT a FROM t WHERE b = :b | ",
        ),
        (
            "{\"sql\": \"SELECT a FROM t WHERE b = :b\", \"params\": {\"b\": true}}\n",
            "NDJSON",
            "SELECT a FROM t WHERE b = :b | 1",
        ),
    ] {
        let found = read_text("f", log)?;
        assert_eq!(found.files[0].format, format);
        let query = &found.queries[0];
        let shown = |value: &Value| match value {
            Value::Text(text) => text.clone(),
            Value::Integer(number) => number.to_string(),
            other => format!("{other:?}"),
        };
        let set: Vec<_> = query.parameters.iter().flatten().map(|(_, value)| shown(value)).collect();
        assert_eq!(format!("{} | {}", one_line(&query.sql), set.join(" ")), expected);
        assert_eq!(found.queries.len(), 1, "{format}");
    }
    Ok(())
}

#[test]
fn a_line_that_cannot_be_read_is_counted_and_told_with_its_format() -> Result<()> {
    let found = read_text(
        "app.ndjson",
        "{\"sql\": \"SELECT 1\"}\nnot JSON\n{\"sql\": \"SELECT 1\"}\n{\"other\": 1}\n",
    )?;
    let told = sqlite_advisor::render::workload::file_read(&found.files[0]);
    assert_eq!(
        told,
        "app.ndjson: read as NDJSON: 2 statements; 2 lines or items could not be read, the first is 2: the line is no \
         object with a text of SQL under sql, query or statement"
    );
    Ok(())
}

//! sqlx whose events `tracing_subscriber` prints as text.

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{ConnectOptions, Executor, Row};
use std::fs::File;
use std::io::Write;
use std::sync::Mutex;

type Any = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Any> {
    let folder = std::env::args().nth(1).ok_or("a folder")?;
    let log = Mutex::new(File::create(format!("{folder}/app.log"))?);
    tracing_subscriber::fmt().with_env_filter("sqlx::query=debug").with_ansi(false).with_writer(log).init();
    let mut sent = File::create(format!("{folder}/sent.sql"))?;
    let options = SqliteConnectOptions::new().filename(format!("{folder}/app.db")).create_if_missing(true);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options.disable_statement_logging()).await?;
    drop(pool);
    let options = SqliteConnectOptions::new().filename(format!("{folder}/app.db"));
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
    let mut told = |sql: &str| writeln!(sent, "{sql};");
    for sql in ["CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, age INT)"] {
        told(sql)?;
        pool.execute(sql).await?;
    }
    for i in 0..14 {
        let sql = "INSERT INTO users(name, age) VALUES (?, ?)";
        told(sql)?;
        sqlx::query(sql).bind(format!("it's {i}")).bind(i).execute(&pool).await?;
    }
    for i in 0..9 {
        let sql = "SELECT id, name,\n       age AS \"the age\"\n  FROM users -- \"quoted\"\n WHERE age = $1 AND name <> 'a\\b'";
        told(sql)?;
        sqlx::query(sql).bind(i).fetch_all(&pool).await?.len();
    }
    for n in [1, 3, 6] {
        let sql = format!("SELECT name FROM users WHERE id IN ({})", vec!["?"; n].join(", "));
        told(&sql)?;
        let mut query = sqlx::query(&sql);
        for i in 0..n {
            query = query.bind(i as i64);
        }
        query.fetch_all(&pool).await?;
    }
    for sql in ["UPDATE users SET name = 'x' WHERE id = 3", "DELETE FROM users WHERE age = 7", "SELECT count(*) FROM users"] {
        told(sql)?;
        sqlx::query(sql).fetch_all(&pool).await?.first().map(|row| row.len());
    }
    Ok(())
}

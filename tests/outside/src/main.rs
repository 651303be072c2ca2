//! Advice in a few lines, by a program that knows nothing of this workspace.

use sqlite_advisor::{Renderer, Request, Silent, Sql, advise};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let database = std::env::args_os().nth(1).ok_or("usage: outside DATABASE")?;
    let queries = [
        "SELECT name FROM goals WHERE parent_id = ? ORDER BY created_at",
        "SELECT count(*) FROM activity_instances WHERE practice_session_id = ?",
    ];
    let report = advise(&Request::new(database).queries(queries), &Silent)?;
    Sql::default().render(&report, &mut std::io::stdout())?;
    Ok(())
}

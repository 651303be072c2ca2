//! A test that fails when a statement of an application scans a large table, or loses an index that it had. Put the one below among
//! your own, with your schema, your statements and your lock. As a program it looks at files:
//! `cargo run -p sqlite-advisor --example no_scans -- schema.sql queries.sql`.

use sqlite_advisor::{Check, Silent, check, read_queries};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [schema, queries] = arguments.as_slice() else { return Err("usage: no_scans SCHEMA QUERIES".into()) };
    let queries = read_queries(&[queries.into()], &Silent)?.queries;
    let checked = check(&Check::new(schema, queries), &Silent)?;
    if checked.passed() { Ok(()) } else { Err(checked.to_string().into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlite_advisor::{Checked, Lock};

    const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/ci");

    fn checked(schema: &str) -> Result<Checked, Box<dyn Error>> {
        let queries = read_queries(&[format!("{PROJECT}/queries.sql").into()], &Silent)?.queries;
        let lock = Lock::parse(&std::fs::read_to_string(format!("{PROJECT}/advisor.lock"))?)?;
        Ok(check(&Check::new(schema, queries).against(lock), &Silent)?)
    }

    #[test]
    fn no_plan_got_worse() -> Result<(), Box<dyn Error>> {
        let checked = checked(&format!("{PROJECT}/schema.sql"))?;
        assert!(checked.passed(), "{checked}");
        Ok(())
    }

    #[test]
    fn an_index_that_is_gone_is_told_with_what_cures_it() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("schema.sql");
        let whole = std::fs::read_to_string(format!("{PROJECT}/schema.sql"))?;
        let without: Vec<_> = whole.lines().filter(|line| !line.contains("orders_customer")).collect();
        std::fs::write(&path, without.join("\n"))?;
        let checked = checked(&path.to_string_lossy())?;
        assert!(!checked.passed());
        assert!(checked.to_string().contains("CREATE INDEX idx_orders_customer_placed_total"), "{checked}");
        Ok(())
    }
}

//! Writes a TPC-H database with primary keys and nothing else, to be advised with `workloads/tpch`:
//!
//! ```text
//! cargo run --release --example tpch -- tpch.db 0.1
//! cargo run --release -- --db tpch.db --workload workloads/tpch
//! ```

use anyhow::{Context, bail};
use rusqlite::{Connection, Statement, params};
use std::io::Write;
use std::process::ExitCode;
use tpchgen::generators::{
    CustomerGenerator, LineItemGenerator, NationGenerator, OrderGenerator, PartGenerator, PartSuppGenerator,
    RegionGenerator, SupplierGenerator,
};

const SCHEMA: &str = "
create table region (
    r_regionkey     integer primary key,
    r_name          text not null,
    r_comment       text
);
create table nation (
    n_nationkey     integer primary key,
    n_name          text not null,
    n_regionkey     integer not null,
    n_comment       text
);
create table part (
    p_partkey       integer primary key,
    p_name          text not null,
    p_mfgr          text not null,
    p_brand         text not null,
    p_type          text not null,
    p_size          integer not null,
    p_container     text not null,
    p_retailprice   decimal(15,2) not null,
    p_comment       text not null
);
create table supplier (
    s_suppkey       integer primary key,
    s_name          text not null,
    s_address       text not null,
    s_nationkey     integer not null,
    s_phone         text not null,
    s_acctbal       decimal(15,2) not null,
    s_comment       text not null
);
create table partsupp (
    ps_partkey      integer not null,
    ps_suppkey      integer not null,
    ps_availqty     integer not null,
    ps_supplycost   decimal(15,2) not null,
    ps_comment      text not null,
    primary key (ps_partkey, ps_suppkey)
);
create table customer (
    c_custkey       integer primary key,
    c_name          text not null,
    c_address       text not null,
    c_nationkey     integer not null,
    c_phone         text not null,
    c_acctbal       decimal(15,2) not null,
    c_mktsegment    text not null,
    c_comment       text not null
);
create table orders (
    o_orderkey      integer primary key,
    o_custkey       integer not null,
    o_orderstatus   text not null,
    o_totalprice    decimal(15,2) not null,
    o_orderdate     date not null,
    o_orderpriority text not null,
    o_clerk         text not null,
    o_shippriority  integer not null,
    o_comment       text not null
);
create table lineitem (
    l_orderkey      integer not null,
    l_partkey       integer not null,
    l_suppkey       integer not null,
    l_linenumber    integer not null,
    l_quantity      decimal(15,2) not null,
    l_extendedprice decimal(15,2) not null,
    l_discount      decimal(15,2) not null,
    l_tax           decimal(15,2) not null,
    l_returnflag    text not null,
    l_linestatus    text not null,
    l_shipdate      date not null,
    l_commitdate    date not null,
    l_receiptdate   date not null,
    l_shipinstruct  text not null,
    l_shipmode      text not null,
    l_comment       text not null,
    primary key (l_orderkey, l_linenumber)
);
";

fn main() -> ExitCode {
    let (text, code) = match run() {
        Ok(text) => (text, ExitCode::SUCCESS),
        Err(error) => (format!("tpch: {error:#}"), ExitCode::from(2)),
    };
    // Nothing is left to do if stderr is closed.
    let _ = writeln!(std::io::stderr(), "{text}");
    code
}

fn run() -> anyhow::Result<String> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().context("name the new file: tpch OUT.db [SCALE=0.1]")?;
    let scale = arguments.next().unwrap_or_else(|| "0.1".to_owned());
    let scale = match scale.parse::<f64>() {
        Ok(scale) if scale > 0.0 && scale.is_finite() => scale,
        _ => bail!("{scale}: the scale factor is a number above zero, such as 0.1"),
    };
    let rows = make(&path, scale)?;
    Ok(format!("{path}: {rows} rows"))
}

/// Makes a new database at `path`; returns the number of rows.
fn make(path: &str, scale: f64) -> anyhow::Result<usize> {
    // An existing file is an error here, and nobody can make one in between.
    if let Err(e) = std::fs::File::create_new(path) {
        bail!("{path}: cannot make this file: {e}");
    }
    let written = write(path, scale);
    if written.is_err() {
        // Without a journal half a database is no database.
        let _ = std::fs::remove_file(path);
    }
    written
}

/// Fills an empty file in one transaction.
fn write(path: &str, scale: f64) -> anyhow::Result<usize> {
    let mut db = Connection::open(path)?;
    db.execute_batch("pragma journal_mode = off; pragma synchronous = off")?;
    let transaction = db.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    let rows = fill_dimensions(&transaction, scale)? + fill_facts(&transaction, scale)?;
    transaction.commit()?;
    Ok(rows)
}

fn insert<'a>(db: &'a Connection, table: &str, columns: usize) -> rusqlite::Result<Statement<'a>> {
    db.prepare(&format!("insert into {table} values ({})", vec!["?"; columns].join(", ")))
}

/// Places, parts, suppliers and customers.
fn fill_dimensions(db: &Connection, scale: f64) -> anyhow::Result<usize> {
    let mut rows = 0;

    let mut region = insert(db, "region", 3)?;
    for r in RegionGenerator::new(scale, 1, 1).iter() {
        rows += region.execute(params![r.r_regionkey, r.r_name, r.r_comment])?;
    }

    let mut nation = insert(db, "nation", 4)?;
    for n in NationGenerator::new(scale, 1, 1).iter() {
        rows += nation.execute(params![n.n_nationkey, n.n_name, n.n_regionkey, n.n_comment])?;
    }

    let mut part = insert(db, "part", 9)?;
    for p in PartGenerator::new(scale, 1, 1).iter() {
        rows += part.execute(params![
            p.p_partkey,
            p.p_name.to_string(),
            p.p_mfgr.to_string(),
            p.p_brand.to_string(),
            p.p_type,
            p.p_size,
            p.p_container,
            p.p_retailprice.as_f64(),
            p.p_comment
        ])?;
    }

    let mut supplier = insert(db, "supplier", 7)?;
    for s in SupplierGenerator::new(scale, 1, 1).iter() {
        rows += supplier.execute(params![
            s.s_suppkey,
            s.s_name.to_string(),
            s.s_address.to_string(),
            s.s_nationkey,
            s.s_phone.to_string(),
            s.s_acctbal.as_f64(),
            s.s_comment
        ])?;
    }

    let mut customer = insert(db, "customer", 8)?;
    for c in CustomerGenerator::new(scale, 1, 1).iter() {
        rows += customer.execute(params![
            c.c_custkey,
            c.c_name.to_string(),
            c.c_address.to_string(),
            c.c_nationkey,
            c.c_phone.to_string(),
            c.c_acctbal.as_f64(),
            c.c_mktsegment,
            c.c_comment
        ])?;
    }
    Ok(rows)
}

/// What is on offer and what was ordered: nearly all of the rows.
fn fill_facts(db: &Connection, scale: f64) -> anyhow::Result<usize> {
    let mut rows = 0;

    let mut partsupp = insert(db, "partsupp", 5)?;
    for ps in PartSuppGenerator::new(scale, 1, 1).iter() {
        rows += partsupp.execute(params![
            ps.ps_partkey,
            ps.ps_suppkey,
            ps.ps_availqty,
            ps.ps_supplycost.as_f64(),
            ps.ps_comment
        ])?;
    }

    let mut orders = insert(db, "orders", 9)?;
    for o in OrderGenerator::new(scale, 1, 1).iter() {
        rows += orders.execute(params![
            o.o_orderkey,
            o.o_custkey,
            o.o_orderstatus.to_string(),
            o.o_totalprice.as_f64(),
            o.o_orderdate.to_string(),
            o.o_orderpriority,
            o.o_clerk.to_string(),
            o.o_shippriority,
            o.o_comment
        ])?;
    }

    let mut lineitem = insert(db, "lineitem", 16)?;
    for l in LineItemGenerator::new(scale, 1, 1).iter() {
        rows += lineitem.execute(params![
            l.l_orderkey,
            l.l_partkey,
            l.l_suppkey,
            l.l_linenumber,
            l.l_quantity,
            l.l_extendedprice.as_f64(),
            l.l_discount.as_f64(),
            l.l_tax.as_f64(),
            l.l_returnflag,
            l.l_linestatus,
            l.l_shipdate.to_string(),
            l.l_commitdate.to_string(),
            l.l_receiptdate.to_string(),
            l.l_shipinstruct,
            l.l_shipmode,
            l.l_comment
        ])?;
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of each question's answer at scale factor 0.01.
    const ANSWERS: [(&str, usize); 22] = [
        ("q01", 4),
        ("q02", 4),
        ("q03", 10),
        ("q04", 5),
        ("q05", 5),
        ("q06", 1),
        ("q07", 4),
        ("q08", 2),
        ("q09", 173),
        ("q10", 20),
        ("q11", 242),
        ("q12", 2),
        ("q13", 33),
        ("q14", 1),
        ("q15", 1),
        ("q16", 296),
        ("q17", 1),
        ("q18", 2),
        ("q19", 1),
        ("q20", 1),
        ("q21", 1),
        ("q22", 7),
    ];

    #[test]
    fn every_question_has_its_answer() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("tpch.db");
        make(&path.to_string_lossy(), 0.01)?;
        let db = Connection::open(&path)?;
        for (name, rows) in ANSWERS {
            let question = std::fs::read_to_string(format!("workloads/tpch/{name}.sql"))?;
            let mut statement = db.prepare(&question)?;
            let mut answer = statement.query([])?;
            let mut found = 0;
            while answer.next()?.is_some() {
                found += 1;
            }
            assert_eq!(found, rows, "{name}");
        }
        Ok(())
    }

    #[test]
    fn an_existing_file_stays() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("mine.db");
        std::fs::write(&path, "mine")?;
        let error = make(&path.to_string_lossy(), 0.01).unwrap_err().to_string();
        assert!(error.contains("mine.db: cannot make this file"), "{error}");
        assert_eq!(std::fs::read_to_string(&path)?, "mine");
        Ok(())
    }
}

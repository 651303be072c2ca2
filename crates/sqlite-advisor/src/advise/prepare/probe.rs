//! Asks the planner what it could use: see [`crate::sqlite::recorder`].

use crate::advise::prepare::expressions::{self, Expressions};
use crate::error::Result;
use crate::sql::syntax;
use crate::sqlite::recorder::{Access, Recorder};
use crate::sqlite::{Schema, StandIns};
use crate::workload::Statement;
use std::collections::BTreeMap;

/// The twins that listen, one for each collating sequence that the statements name.
pub struct Probe<'s> {
    schema: &'s Schema,
    plain: Recorder,
    collated: BTreeMap<String, Recorder>,
}

/// What the planner asked, and in which collating sequence the columns were declared when it did.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexRequest {
    /// The question.
    pub access: Access,
    /// The collating sequence, where it is not each column's own.
    pub collation: Option<String>,
}

impl<'s> Probe<'s> {
    /// Builds the twins that a workload needs.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if a twin cannot be built.
    pub fn new(schema: &'s Schema, statements: &[Statement], stand_ins: &StandIns) -> Result<Self> {
        let fired: Vec<String> =
            schema.triggers.iter().flat_map(|t| syntax::trigger_statements(&t.sql)).collect();
        let mut computed = Expressions::new();
        for sql in statements.iter().map(|s| &s.sql).chain(&fired) {
            for (table, found) in
                expressions::as_columns(schema, sql).into_iter().flat_map(|(_, found)| found)
            {
                computed.entry(table).or_default().extend(found);
            }
        }
        let recorder = |collation: Option<&str>| -> Result<Recorder> {
            let recorder = Recorder::new(schema, collation, &computed)?;
            stand_ins.install(recorder.session().connection())?;
            Ok(recorder)
        };
        let mut collated = BTreeMap::new();
        for name in statements.iter().flat_map(|s| syntax::collations(&s.sql)) {
            // A sequence that is not known even as a stand-in has no twin; its statements were skipped.
            if let (false, Ok(twin)) = (collated.contains_key(&name), recorder(Some(&name))) {
                collated.insert(name, twin);
            }
        }
        Ok(Self { schema, plain: recorder(None)?, collated })
    }

    /// Everything that is asked about a statement's tables; nothing if the twin cannot take it.
    pub fn requests(&self, sql: &str) -> Vec<IndexRequest> {
        let plain = syntax::without_hints(sql);
        let computed = expressions::as_columns(self.schema, plain.as_deref().unwrap_or(sql));
        let ask = |twin: &Recorder| {
            let requests = twin.accesses(sql);
            let requests = requests.or_else(|e| plain.as_deref().map_or(Err(e), |sql| twin.accesses(sql)));
            let computed = computed.iter().flat_map(|(sql, _)| twin.accesses(sql).unwrap_or_default());
            requests.unwrap_or_default().into_iter().chain(computed).collect::<Vec<_>>()
        };
        let mut all: Vec<IndexRequest> =
            ask(&self.plain).into_iter().map(|access| IndexRequest { access, collation: None }).collect();
        for name in syntax::collations(sql) {
            if let Some(twin) = self.collated.get(&name) {
                let requests = ask(twin).into_iter();
                all.extend(requests.map(|access| IndexRequest { access, collation: Some(name.clone()) }));
            }
        }
        all
    }
}

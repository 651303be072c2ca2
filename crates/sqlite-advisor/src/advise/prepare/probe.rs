//! Asks the planner what it could use: see [`crate::sqlite::recorder`].

use crate::advise::prepare::expressions::{self, Expressions};
use crate::error::Result;
use crate::sql::scope::{self, Place};
use crate::sql::syntax;
use crate::sql::syntax::ast::{Distinctness, Expr};
use crate::sqlite::recorder::{Access, Recorder};
use crate::sqlite::{Schema, StandIns};
use std::collections::{BTreeMap, BTreeSet};

/// The shadows that listen, one for each collating sequence that the statements name.
pub struct Probe<'s> {
    schema: &'s Schema,
    plain: Recorder,
    collated: BTreeMap<String, Recorder>,
}

/// What the planner asked, and in which collating sequence rows are wanted where it is not the column's own.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexRequest {
    /// The question.
    pub access: Access,
    /// The collating sequences by column.
    pub collations: BTreeMap<String, String>,
}

impl IndexRequest {
    /// A question about columns in their own sequences.
    pub fn plain(access: Access) -> Self {
        Self { access, collations: BTreeMap::new() }
    }
}

impl<'s> Probe<'s> {
    /// Builds the shadows that statements, as text, need.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if a shadow cannot be built.
    pub fn new(schema: &'s Schema, statements: &[&str], stand_ins: &StandIns) -> Result<Self> {
        let fired: Vec<String> =
            schema.triggers.iter().flat_map(|t| syntax::trigger_statements(&t.sql)).collect();
        let mut computed = Expressions::new();
        for sql in statements.iter().copied().chain(fired.iter().map(String::as_str)) {
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
        for name in statements.iter().flat_map(|sql| syntax::collations(sql)) {
            // A sequence that is not known even as a stand-in has no shadow; its statements were skipped.
            if let (false, Ok(shadow)) = (collated.contains_key(&name), recorder(Some(&name))) {
                collated.insert(name, shadow);
            }
        }
        Ok(Self { schema, plain: recorder(None)?, collated })
    }

    /// Everything that is asked about a statement's tables; nothing if the shadow cannot take it.
    pub fn requests(&self, sql: &str) -> Vec<IndexRequest> {
        let plain = syntax::without_hints(sql);
        let computed = expressions::as_columns(self.schema, plain.as_deref().unwrap_or(sql));
        let ask = |shadow: &Recorder| {
            let requests = shadow.accesses(sql);
            let requests = requests.or_else(|e| plain.as_deref().map_or(Err(e), |sql| shadow.accesses(sql)));
            let computed = computed.iter().flat_map(|(sql, _)| shadow.accesses(sql).unwrap_or_default());
            requests.unwrap_or_default().into_iter().chain(computed).collect::<Vec<_>>()
        };
        let mut all: Vec<IndexRequest> = ask(&self.plain).into_iter().map(IndexRequest::plain).collect();
        for name in syntax::collations(sql) {
            if let Some(shadow) = self.collated.get(&name) {
                let columns = syntax::collated_columns(sql, &name);
                all.extend(ask(shadow).into_iter().map(|access| self.in_sequence(access, &name, &columns)));
            }
        }
        for (table, column) in distinct_counts(self.schema, sql) {
            // What is counted once each is counted fastest in its order.
            let asked = all.iter().filter(|r| r.access.table == table && r.access.order.is_empty());
            let ordered = asked.map(|r| {
                let order = vec![(column.clone(), false)];
                IndexRequest { access: Access { order, grouping: true, ..r.access.clone() }, ..r.clone() }
            });
            let ordered: Vec<_> = ordered.collect();
            all.extend(ordered);
        }
        all
    }

    /// What a shadow in another sequence was asked: that sequence is only of the columns that the statement names with it.
    fn in_sequence(&self, mut access: Access, collation: &str, columns: &BTreeSet<String>) -> IndexRequest {
        let table = self.schema.table(&access.table);
        for constraint in &mut access.constraints {
            let column = table.zip(constraint.column.as_deref()).and_then(|(t, name)| t.column(name));
            if let Some(own) = column.filter(|c| !columns.contains(&c.name.to_lowercase())) {
                constraint.collation.clone_from(&own.collation);
            }
        }
        let ordered = access.order.iter().map(|(column, _)| column);
        let collated = ordered.filter(|c| columns.contains(&c.to_lowercase()));
        let collations = collated.map(|c| (c.clone(), collation.to_owned())).collect();
        IndexRequest { access, collations }
    }
}

/// The columns of which a statement counts the different values, with their tables.
pub fn distinct_counts(schema: &Schema, sql: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let Some(mut stmt) = syntax::parse(sql) else { return found };
    scope::walk(&mut stmt, schema, |place, scope| {
        let Place::Expr(Expr::FunctionCall { args, distinctness: Some(Distinctness::Distinct), .. }) = place
        else {
            return;
        };
        if let [counted] = args.as_slice() {
            let column = scope.origin(counted);
            found.extend(column.map(|f| (f.table.name.clone(), f.column.name.clone())));
        }
    });
    found
}

//! What is known of a workload and its data whichever indexes there are: what the planner asks, and how many rows that is.

use crate::advise::prepare::Prepared;
use crate::advise::prepare::filters::{self, Filter};
use crate::advise::prepare::foreign_keys::child_searches;
use crate::advise::prepare::patterns::with_patterns;
use crate::advise::prepare::probe::{IndexRequest, Probe};
use crate::advise::prepare::selectivity::{Selectivity, Wanted};
use crate::advise::prepare::statistics::{self, Gathered};
use crate::error::{Result, unless_failed};
use crate::model::candidate::Candidate;
use crate::model::index::quote;
use crate::progress::Progress;
use crate::sql::syntax;
use crate::sqlite::session::Limit;
use crate::sqlite::{Schema, Session};
use crate::workload::Statement;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// The profile; the lists are in the order of the workload.
pub struct Profile {
    /// What is asked when each statement is planned.
    pub requests: Vec<Vec<IndexRequest>>,
    /// The constant conditions of each.
    pub filters: Vec<Vec<Filter>>,
    /// How many rows a value finds.
    pub selectivity: Selectivity,
    /// The bytes of each b-tree.
    pub sizes: BTreeMap<String, u64>,
    /// What an index would be, for those that were asked about.
    pub gathered: Gathered,
}

impl Profile {
    /// Probes every statement, and samples the tables of a copy.
    ///
    /// # Errors
    /// [`crate::Error::HostileSchema`] or [`crate::Error::Sqlite`] if the schema cannot be cloned or a table not be read,
    /// [`crate::Error::Interrupted`].
    pub fn of(prepared: &Prepared, session: &Session) -> Result<Self> {
        let Prepared { schema, workload, .. } = prepared;
        let texts: Vec<&str> = workload.statements.iter().map(|s| s.sql.as_str()).collect();
        let probe = Probe::new(schema, &texts, &workload.stand_ins)?;
        let requests: Vec<Vec<IndexRequest>> =
            workload.statements.iter().map(|s| requests_of(schema, &probe, s)).collect();
        let requests = without_failing(schema, session, &requests)?;
        let filters: Vec<_> = workload.statements.iter().map(|s| filters::of(schema, &s.sql)).collect();
        let selectivity = Selectivity::sample(session, schema, &wanted(&requests, &filters))?;
        let sizes = prepared.sizes.clone();
        Ok(Self { requests, filters, selectivity, sizes, gathered: Gathered::default() })
    }

    /// Gathers the statistics of candidates that are not known yet.
    ///
    /// # Errors
    /// Those of [`statistics::gather`].
    pub fn gather(
        &mut self,
        session: &Session,
        candidates: &[Candidate],
        deadline: Option<Instant>,
        progress: &dyn Progress,
    ) -> Result<()> {
        let new = candidates.iter().filter(|c| self.gathered.get(&c.index).is_none());
        let new: Vec<Candidate> = new.cloned().collect();
        self.gathered.extend(statistics::gather(session, &new, deadline, progress)?);
        Ok(())
    }
}

/// What is asked when a statement is planned, when the triggers that it fires are, and when children are looked for.
fn requests_of(schema: &Schema, probe: &Probe, statement: &Statement) -> Vec<IndexRequest> {
    let mut requests = probe.requests(&statement.sql);
    for sql in statement.bindings.iter().filter_map(|values| with_patterns(&statement.sql, values)) {
        requests.extend(probe.requests(&sql));
    }
    let searches = child_searches(schema, &statement.sql);
    requests.extend(searches.iter().map(|s| IndexRequest::plain(s.access(schema))));
    let Some(table) = syntax::written_table(&statement.sql) else { return requests };
    for trigger in schema.triggers.iter().filter(|t| t.table.eq_ignore_ascii_case(&table)) {
        requests.extend(syntax::trigger_statements(&trigger.sql).iter().flat_map(|sql| probe.requests(sql)));
    }
    requests
}

/// What must be sampled for the candidates.
pub fn wanted(requests: &[Vec<IndexRequest>], filters: &[Vec<Filter>]) -> BTreeMap<String, Wanted> {
    let mut wanted: BTreeMap<String, Wanted> = BTreeMap::new();
    for (access, column) in requests
        .iter()
        .flatten()
        .flat_map(|h| h.access.constraints.iter().filter_map(|c| Some((&h.access, c.column.as_ref()?))))
    {
        let table = wanted.entry(access.table.clone()).or_default();
        table.columns.insert(column.clone());
        table.filters.insert(Filter::not_null(&access.table, column));
    }
    for filter in filters.iter().flatten() {
        let table = wanted.entry(filter.table.clone()).or_default();
        table.columns.insert(filter.column.clone());
        table.filters.insert(filter.clone());
    }
    wanted
}

/// Takes out what was recorded of expressions that fail on some row, as `json(x)` does on a text that is no JSON.
fn without_failing(
    schema: &Schema,
    session: &Session,
    requests: &[Vec<IndexRequest>],
) -> Result<Vec<Vec<IndexRequest>>> {
    let computed = |h: &IndexRequest| -> Vec<(String, String)> {
        let Some(table) = schema.table(&h.access.table) else { return vec![] };
        let names = h.access.named().filter(|name| table.column(name).is_none());
        names.map(|name| (table.name.clone(), name.to_owned())).collect()
    };
    let all: BTreeSet<_> = requests.iter().flatten().flat_map(computed).collect();
    let mut failing = BTreeSet::new();
    for (table, expression) in all {
        let sql = format!("SELECT count({expression}) FROM {}", quote(&table));
        if unless_failed(session.run(&sql, &[], Limit::NONE))?.is_none() {
            failing.insert((table, expression));
        }
    }
    let works = |h: &&IndexRequest| computed(h).iter().all(|c| !failing.contains(c));
    Ok(requests.iter().map(|all| all.iter().filter(works).cloned().collect()).collect())
}

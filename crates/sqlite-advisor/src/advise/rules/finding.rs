//! What a rule found, before it is told.

use crate::advise::rules::context::RuleContext;
use crate::model::counters::Counters;
use crate::model::report::{self, Analyze, Common, Help, Proposal, Recommendation};

/// The kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Statistics to gather.
    Analyze,
    /// A statement to write in another way.
    Rewrite,
    /// A change of the schema.
    Schema,
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// A rewritten statement, a change of the schema, or ANALYZE.
    pub kind: Kind,
    /// The statement's number in the workload; none where it is of the schema alone.
    pub statement: Option<usize>,
    /// What was run, where it is no statement of the workload, or one of several forms of it.
    pub run: String,
    /// The table; empty where it is of none.
    pub table: String,
    /// The columns.
    pub columns: Vec<String>,
    /// What was found, as a clause: `date(day) hides the column day from every index`.
    pub what: String,
    /// What to do, as a sentence without its full stop; empty where `sql` says it.
    pub remedy: String,
    /// The statement to write instead, or what changes the schema; empty where no one statement does.
    pub sql: String,
    /// What has to be run first.
    pub needs: Vec<String>,
    /// What these and `sql` take, in bytes.
    pub bytes: u64,
    /// How it was verified.
    pub verification: Verification,
}

/// How a finding was verified.
#[derive(Debug, Clone, PartialEq)]
pub enum Verification {
    /// The statement was run on the copy without and with the change.
    Ran(Experiment),
    /// Something else was counted on the copy, told in words.
    Counted(String),
    /// Not verified, and why.
    Open(String, Option<Experiment>),
}

/// A statement without and with a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Experiment {
    /// With all advice followed.
    pub before: Counters,
    /// With the change on top.
    pub after: Counters,
    /// None where they could not be compared.
    pub same_rows: Option<bool>,
    /// The bytes that the change takes.
    pub bytes: u64,
}

impl Finding {
    /// A finding about a statement, with nothing to run yet.
    pub fn of_statement(kind: Kind, statement: usize, what: String, verification: Verification) -> Self {
        let statement = Some(statement);
        let [run, table, remedy, sql] = [const { String::new() }; 4];
        Self {
            kind,
            statement,
            run,
            table,
            columns: vec![],
            what,
            remedy,
            sql,
            needs: vec![],
            bytes: 0,
            verification,
        }
    }

    /// A finding about the schema.
    pub fn of_schema(table: &str, columns: Vec<String>, what: String, verification: Verification) -> Self {
        let mut finding = Self::of_statement(Kind::Schema, 0, what, verification);
        (finding.statement, finding.table, finding.columns) = (None, table.to_owned(), columns);
        finding
    }

    /// The same about a column of a table.
    pub fn on(mut self, table: &str, columns: Vec<String>) -> Self {
        (self.table, self.columns) = (table.to_owned(), columns);
        self
    }

    /// The same with the statement to write, or the change to make.
    pub fn with_sql(mut self, sql: String, needs: Vec<String>) -> Self {
        (self.sql, self.needs) = (sql, needs);
        self
    }

    /// The same with what to do.
    pub fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// Where it stands in the order of telling.
    pub fn place(&self) -> (Option<usize>, String, Vec<String>, String) {
        (self.statement, self.table.clone(), self.columns.clone(), self.run.clone())
    }

    /// The statement that it is about, unless its change helps whichever statement.
    pub fn prepared(&self, context: &RuleContext<'_>) -> Option<String> {
        let of_statement = self.kind == Kind::Rewrite;
        self.statement.filter(|_| of_statement).map(|i| context.name(i))
    }

    /// What was run for it.
    pub fn experiment(&self) -> Option<&Experiment> {
        match &self.verification {
            Verification::Ran(experiment) => Some(experiment),
            Verification::Open(_, experiment) => experiment.as_ref(),
            Verification::Counted(_) => None,
        }
    }

    /// ANALYZE alone comes before all else.
    pub fn is_first(&self) -> bool {
        self.kind == Kind::Analyze
    }

    /// As a piece of advice.
    pub fn into_advice(self, rule: &str, context: &RuleContext<'_>) -> Recommendation {
        let experiment = self.experiment();
        let statement = self.statement.map(|i| context.name(i));
        let help = |t: &Experiment| {
            let name = statement.clone().unwrap_or(self.run.clone());
            Help { statement: name, before: t.before, after: t.after, verdict: None }
        };
        let helps = experiment.map(help).into_iter().collect();
        let verification = match &self.verification {
            Verification::Ran(_) if self.kind == Kind::Rewrite => report::Verification {
                verified: true,
                same_rows: Some(true),
                note: "both forms were run on the copy with every set of values: the same rows, for less"
                    .to_owned(),
            },
            Verification::Ran(experiment) => report::Verification {
                verified: true,
                same_rows: experiment.same_rows,
                note: "it was run on the copy without and with it".to_owned(),
            },
            Verification::Counted(note) => {
                report::Verification { verified: true, same_rows: None, note: note.clone() }
            }
            Verification::Open(why, experiment) => report::Verification {
                verified: false,
                same_rows: experiment.as_ref().and_then(|t| t.same_rows),
                note: why.clone(),
            },
        };
        let reason = match statement {
            Some(name) => format!("{name}: {}", self.what),
            None => self.what,
        };
        let filled = |text: String| (!text.is_empty()).then_some(text);
        let common = Common {
            reason,
            helps,
            rule: Some(rule.to_owned()),
            remedy: filled(self.remedy),
            verification: Some(verification),
        };
        if self.kind == Kind::Analyze {
            return Recommendation::Analyze(Analyze { sql: self.sql, common });
        }
        let proposal = Proposal {
            sql: filled(self.sql),
            needs: self.needs,
            table: filled(self.table),
            columns: self.columns,
            bytes: self.bytes,
            common,
        };
        match self.kind {
            Kind::Rewrite => Recommendation::Rewrite(proposal),
            _ => Recommendation::Schema(proposal),
        }
    }
}

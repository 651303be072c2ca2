//! xorm with `ShowSQL(true)`: `[SQL] ... [values] - time`.

use crate::error::Result;
use crate::workload::lines::Lines;
use crate::workload::readers::ent::go_values;
use crate::workload::readers::log::{begins_sql, behind, entries, has_entry};
use crate::workload::readers::sink::Sink;
use crate::workload::source::QuerySource;

fn payload(line: &str) -> Option<&str> {
    behind(line, "[SQL] ").filter(|rest| begins_sql(rest))
}

pub fn recognizes(head: &str) -> bool {
    has_entry(head, payload)
}

pub fn read(lines: &mut Lines, sink: &mut Sink) -> Result<()> {
    entries(lines, payload, &mut |entry| {
        let text = entry.text.trim_end();
        let timed = text.rsplit_once(" - ").filter(|(_, time)| time.ends_with('s') && !time.contains(' '));
        let text = timed.map_or(text, |(before, _)| before);
        let listed = text.strip_suffix(']').and_then(|text| text.rsplit_once(" ["));
        let (sql, list) = listed.unwrap_or((text, ""));
        sink.query(QuerySource::new(sql, entry.origin).with(go_values(list, sql.matches('?').count())));
    })
}

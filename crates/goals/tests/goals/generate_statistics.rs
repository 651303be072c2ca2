//! Generated databases beside the real development file: one line per statistic, with the bounds that it must keep.

use goals::generate::{Options, generate};
use goals::schema::Variant;
use rusqlite::Connection;
use sqlite_advisor::progress::Silent;
use std::error::Error;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// A statistic: what it is, its value in the real file, the bounds at every scale, and how it is measured.
type Line = (&'static str, f64, f64, f64, &'static str);

const STATISTICS: &[Line] = &[
    // Counts per scale are exact.
    ("goals", 45.0, 45.0, 45.0, "SELECT count(*) / :scale FROM goals"),
    ("mid-term goals", 7.0, 7.0, 7.0, "SELECT count(*) / :scale FROM goals WHERE type = 'MidTermGoal'"),
    ("sessions", 21.0, 21.0, 21.0, "SELECT count(*) / :scale FROM goals WHERE type = 'PracticeSession'"),
    (
        "parentless sessions",
        6.0,
        6.0,
        6.0,
        "SELECT count(*) / :scale FROM goals WHERE type = 'PracticeSession' AND parent_id IS NULL",
    ),
    ("activities", 20.0, 20.0, 20.0, "SELECT count(*) / :scale FROM activity_definitions"),
    ("groups", 5.0, 5.0, 5.0, "SELECT count(*) / :scale FROM activity_groups"),
    ("metrics", 24.0, 24.0, 24.0, "SELECT count(*) / :scale FROM metric_definitions"),
    ("splits", 2.0, 2.0, 2.0, "SELECT count(*) / :scale FROM split_definitions"),
    ("instances", 79.0, 79.0, 79.0, "SELECT count(*) / :scale FROM activity_instances"),
    ("values", 116.0, 116.0, 116.0, "SELECT count(*) / :scale FROM metric_values"),
    ("links", 14.0, 13.0, 14.0, "SELECT count(*) / :scale FROM practice_session_goals"),
    ("templates", 10.0, 10.0, 10.0, "SELECT count(*) / :scale FROM session_templates"),
    ("programs", 1.0, 1.0, 1.0, "SELECT count(*) / :scale FROM programs"),
    ("blocks", 3.0, 3.0, 3.0, "SELECT count(*) / :scale FROM program_blocks"),
    ("days", 5.0, 5.0, 5.0, "SELECT count(*) / :scale FROM program_days"),
    ("scheduled sessions", 5.0, 5.0, 5.0, "SELECT count(*) / :scale FROM scheduled_sessions"),
    // Fan-out: the mean is real, the largest stays near.
    (
        "most instances of a session",
        10.0,
        10.0,
        10.0,
        "SELECT max(n) FROM (SELECT count(*) n FROM activity_instances GROUP BY practice_session_id)",
    ),
    (
        "most values of an instance",
        7.0,
        7.0,
        7.0,
        "SELECT max(n) FROM (SELECT count(*) n FROM metric_values GROUP BY activity_instance_id)",
    ),
    (
        "instances without values",
        0.494,
        0.48,
        0.51,
        "SELECT avg(NOT EXISTS (SELECT 1 FROM metric_values v WHERE v.activity_instance_id = i.id)) FROM activity_instances i",
    ),
    (
        "most mid-term goals of one",
        3.0,
        1.0,
        6.0,
        "SELECT max(n) FROM (SELECT count(*) n FROM goals WHERE type = 'MidTermGoal' GROUP BY parent_id)",
    ),
    (
        "most short-term goals of one",
        2.0,
        1.0,
        6.0,
        "SELECT max(n) FROM (SELECT count(*) n FROM goals WHERE type = 'ShortTermGoal' GROUP BY parent_id)",
    ),
    (
        "most sessions of a goal",
        4.0,
        3.0,
        9.0,
        "SELECT max(n) FROM (SELECT count(*) n FROM goals WHERE type = 'PracticeSession' AND parent_id IS NOT NULL GROUP BY parent_id)",
    ),
    (
        "most instances of an activity",
        13.0,
        6.0,
        25.0,
        "SELECT max(n) FROM (SELECT count(*) n FROM activity_instances GROUP BY activity_definition_id)",
    ),
    (
        "most metrics of an activity",
        3.0,
        3.0,
        3.0,
        "SELECT max(n) FROM (SELECT count(*) n FROM metric_definitions GROUP BY activity_id)",
    ),
    // Shares.
    ("goals completed", 0.022, 0.0, 0.07, "SELECT avg(completed) FROM goals"),
    ("goals with a deadline", 0.067, 0.0, 0.16, "SELECT avg(deadline IS NOT NULL) FROM goals"),
    ("activities with sets", 0.40, 0.39, 0.41, "SELECT avg(has_sets) FROM activity_definitions"),
    ("activities with metrics", 0.80, 0.7, 0.9, "SELECT avg(has_metrics) FROM activity_definitions"),
    ("activities in a group", 0.35, 0.34, 0.36, "SELECT avg(group_id IS NOT NULL) FROM activity_definitions"),
    ("activities with splits", 0.05, 0.05, 0.05, "SELECT avg(has_splits) FROM activity_definitions"),
    (
        "activities made by the default",
        0.35,
        0.35,
        0.35,
        "SELECT avg(length(created_at) = 19) FROM activity_definitions",
    ),
    ("instances timed", 0.18, 0.17, 0.19, "SELECT avg(time_start IS NOT NULL) FROM activity_instances"),
    (
        "instances timed to the end",
        0.14,
        0.13,
        0.15,
        "SELECT avg(duration_seconds IS NOT NULL) FROM activity_instances",
    ),
    (
        "instances as old as their session",
        0.66,
        0.62,
        0.67,
        "SELECT avg(i.created_at = s.created_at) FROM activity_instances i JOIN goals s ON s.id = practice_session_id",
    ),
    (
        "sessions with a start",
        0.952,
        0.95,
        0.96,
        "SELECT avg(session_start IS NOT NULL) FROM goals WHERE type = 'PracticeSession'",
    ),
    (
        "sessions with an end",
        0.381,
        0.38,
        0.39,
        "SELECT avg(session_end IS NOT NULL) FROM goals WHERE type = 'PracticeSession'",
    ),
    (
        "sessions with a template",
        0.857,
        0.85,
        0.86,
        "SELECT avg(template_id IS NOT NULL) FROM goals WHERE type = 'PracticeSession'",
    ),
    (
        "ends from a browser",
        0.125,
        0.12,
        0.13,
        "SELECT avg(session_end LIKE '%Z') FROM goals WHERE session_end IS NOT NULL",
    ),
    (
        "blobs that are stored twice",
        1.0,
        1.0,
        1.0,
        "SELECT avg(attributes = session_data) FROM goals WHERE session_data IS NOT NULL",
    ),
    (
        "root_id of goals that are no sessions",
        0.0,
        0.0,
        0.0,
        "SELECT avg(root_id IS NOT NULL) FROM goals WHERE type <> 'PracticeSession'",
    ),
    (
        "root_id of sessions",
        1.0,
        1.0,
        1.0,
        "SELECT avg(root_id IS NOT NULL) FROM goals WHERE type = 'PracticeSession'",
    ),
    // Sizes and values.
    (
        "mean bytes of session data",
        1753.0,
        1300.0,
        2200.0,
        "SELECT avg(length(session_data)) FROM goals WHERE session_data IS NOT NULL",
    ),
    ("least bytes of session data", 264.0, 200.0, 500.0, "SELECT min(length(session_data)) FROM goals"),
    ("most bytes of session data", 4703.0, 3000.0, 8000.0, "SELECT max(length(session_data)) FROM goals"),
    (
        "mean bytes of templates",
        209.0,
        150.0,
        280.0,
        "SELECT avg(length(template_data)) FROM session_templates",
    ),
    ("mean bytes of schedules", 764.0, 700.0, 850.0, "SELECT avg(length(weekly_schedule)) FROM programs"),
    ("mean value", 36.2, 30.0, 46.0, "SELECT avg(value) FROM metric_values"),
    ("whole values", 0.97, 0.92, 1.0, "SELECT avg(value = CAST(value AS INTEGER)) FROM metric_values"),
    ("least value", 1.0, 1.0, 5.0, "SELECT min(value) FROM metric_values"),
    ("greatest value", 150.0, 100.0, 150.0, "SELECT max(value) FROM metric_values"),
];

fn database(scale: f64) -> Result<(tempfile::TempDir, Connection)> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("goals.db");
    generate(&path, &Options { scale, variant: Variant::Development, ..Options::default() }, &Silent)?;
    Ok((folder, Connection::open(path)?))
}

#[test]
fn statistics_are_those_of_the_real_development_file() -> Result {
    let scales = [1.0, 10.0, 100.0];
    let databases = scales.map(database).into_iter().collect::<Result<Vec<_>>>()?;
    let mut outside = Vec::new();
    println!("{:40} {:>9} {:>9} {:>9} {:>9}", "", "real", "1", "10", "100");
    for (what, real, low, high, sql) in STATISTICS {
        let mut line = format!("{what:40} {real:>9}");
        for (scale, (_, conn)) in scales.iter().zip(&databases) {
            let value: f64 =
                conn.query_row(&sql.replace(":scale", &format!("{scale:?}")), [], |row| row.get(0))?;
            line += &format!(" {:>9}", (value * 1000.0).round() / 1000.0);
            if !(*low..=*high).contains(&value) {
                outside.push(format!("{what}: {value} at scale {scale} is not within {low} to {high}"));
            }
        }
        println!("{line}");
    }
    assert!(outside.is_empty(), "{outside:#?}");
    Ok(())
}

#[test]
fn fractals_grow_as_the_square_root_of_the_scale_and_the_first_is_the_largest() -> Result {
    for (scale, fractals) in [(1.0, 4), (100.0, 40)] {
        let (_folder, conn) = database(scale)?;
        let roots = "SELECT count(*) FROM goals WHERE parent_id IS NULL AND type <> 'PracticeSession'";
        assert_eq!(conn.query_row(roots, [], |row| row.get::<_, i64>(0))?, fractals);
        let shares = "SELECT 1.0 * count(*) / sum(count(*)) OVER () FROM goals
                      WHERE type = 'PracticeSession' GROUP BY root_id ORDER BY 1 DESC";
        let shares: Vec<f64> =
            conn.prepare(shares)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let (most, least) = (shares[0], shares[shares.len() - 1]);
        assert!(most > 1.5 * least && most > 1.0 / shares.len() as f64, "{most} {least} at {scale}");
    }
    Ok(())
}

#[test]
fn trees_nest_to_depth_8_one_type_a_level() -> Result {
    let (_folder, conn) = database(100.0)?;
    let sql = "WITH RECURSIVE tree(id, type, depth) AS (
                   SELECT id, type, 1 FROM goals WHERE type = 'UltimateGoal'
                   UNION ALL SELECT g.id, g.type, depth + 1 FROM goals g JOIN tree t ON g.parent_id = t.id)
               SELECT depth || ' ' || type FROM tree GROUP BY depth, type ORDER BY depth";
    let levels: Vec<String> =
        conn.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    assert_eq!(
        levels,
        [
            "1 UltimateGoal",
            "2 LongTermGoal",
            "3 MidTermGoal",
            "4 ShortTermGoal",
            "5 PracticeSession",
            "6 ImmediateGoal",
            "7 MicroGoal",
            "8 NanoGoal"
        ]
    );
    Ok(())
}

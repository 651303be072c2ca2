-- Each claim of the migration's report as a pair: the join that was there before, and the form with root_id.

-- name: activities_join
-- pair: activities
-- form: join
-- since: B0
SELECT i.id, i.practice_session_id, i.activity_definition_id, i.created_at, i.duration_seconds
FROM activity_instances AS i JOIN goals AS s ON i.practice_session_id = s.id
WHERE s.root_id = ?;

-- name: activities_root_id
-- pair: activities
-- form: root_id
-- since: M2
SELECT i.id, i.practice_session_id, i.activity_definition_id, i.created_at, i.duration_seconds
FROM activity_instances AS i
WHERE i.root_id = ?;

-- name: newest_activities_join
-- pair: newest_activities
-- form: join
-- since: B0
SELECT i.id, i.practice_session_id, i.activity_definition_id, i.created_at, i.duration_seconds
FROM activity_instances AS i JOIN goals AS s ON i.practice_session_id = s.id
WHERE s.root_id = ?
ORDER BY i.created_at DESC LIMIT 50;

-- name: newest_activities_root_id
-- pair: newest_activities
-- form: root_id
-- since: M2
SELECT i.id, i.practice_session_id, i.activity_definition_id, i.created_at, i.duration_seconds
FROM activity_instances AS i
WHERE i.root_id = ?
ORDER BY i.created_at DESC LIMIT 50;

-- name: metric_aggregation_join
-- pair: metric_aggregation
-- form: join
-- since: B0
SELECT v.metric_definition_id, count(*), avg(v.value), max(v.value)
FROM metric_values AS v JOIN activity_instances AS i ON v.activity_instance_id = i.id
     JOIN goals AS s ON i.practice_session_id = s.id
WHERE s.root_id = ?
GROUP BY v.metric_definition_id;

-- name: metric_aggregation_root_id
-- pair: metric_aggregation
-- form: root_id
-- since: M2
SELECT v.metric_definition_id, count(*), avg(v.value), max(v.value)
FROM metric_values AS v
WHERE v.root_id = ?
GROUP BY v.metric_definition_id;

-- name: session_report_join
-- pair: session_report
-- form: join
-- since: B0
SELECT s.id, s.name, s.created_at, count(i.id) AS instances, sum(i.duration_seconds) AS seconds, sum(i.noted) AS noted
FROM goals AS s
     LEFT JOIN (SELECT i.id, i.practice_session_id, i.duration_seconds, count(v.id) AS noted
                FROM activity_instances AS i JOIN goals AS g ON i.practice_session_id = g.id
                     LEFT JOIN metric_values AS v ON v.activity_instance_id = i.id
                WHERE g.root_id = ?1
                GROUP BY i.id) AS i ON i.practice_session_id = s.id
WHERE s.root_id = ?1 AND s.type = 'PracticeSession'
GROUP BY s.id
ORDER BY s.created_at DESC, s.id LIMIT 50;

-- name: session_report_root_id
-- pair: session_report
-- form: root_id
-- since: M2
SELECT s.id, s.name, s.created_at, count(i.id) AS instances, sum(i.duration_seconds) AS seconds, sum(i.noted) AS noted
FROM goals AS s
     LEFT JOIN (SELECT i.id, i.practice_session_id, i.duration_seconds, count(v.id) AS noted
                FROM activity_instances AS i LEFT JOIN metric_values AS v
                     ON v.activity_instance_id = i.id AND v.root_id = ?1
                WHERE i.root_id = ?1
                GROUP BY i.id) AS i ON i.practice_session_id = s.id
WHERE s.root_id = ?1 AND s.type = 'PracticeSession'
GROUP BY s.id
ORDER BY s.created_at DESC, s.id LIMIT 50;

-- name: progress_join
-- pair: progress
-- form: join
-- since: B0
SELECT i.created_at, v.value
FROM metric_values AS v JOIN activity_instances AS i ON v.activity_instance_id = i.id
     JOIN goals AS s ON i.practice_session_id = s.id
WHERE s.root_id = ?1 AND v.metric_definition_id = ?2
ORDER BY i.created_at;

-- name: progress_root_id
-- pair: progress
-- form: root_id
-- since: M2
SELECT i.created_at, v.value
FROM metric_values AS v JOIN activity_instances AS i ON v.activity_instance_id = i.id
WHERE v.root_id = ?1 AND v.metric_definition_id = ?2
ORDER BY i.created_at;

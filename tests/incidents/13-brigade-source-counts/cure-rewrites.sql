-- name: slow status
SELECT sources.name, count(items.source_id) FROM sources LEFT JOIN items ON items.source_id = sources.id GROUP BY sources.id ORDER BY sources.name;

-- name: slow orphans
SELECT DBID, Tag FROM Tags t WHERE NOT EXISTS (SELECT 1 FROM MediaTags m WHERE m.TagDBID = t.DBID) AND NOT EXISTS (SELECT 1 FROM MediaTitleTags x WHERE x.TagDBID = t.DBID);

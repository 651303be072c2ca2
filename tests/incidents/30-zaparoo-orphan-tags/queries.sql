-- name: slow orphans
SELECT DBID, Tag FROM Tags WHERE DBID NOT IN (SELECT TagDBID FROM MediaTags UNION SELECT TagDBID FROM MediaTitleTags);
-- name: ok of media
SELECT TagDBID FROM MediaTags WHERE MediaDBID = 811;
-- name: ok type
SELECT DBID FROM Tags WHERE TypeDBID = 3 ORDER BY Tag;

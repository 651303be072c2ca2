-- name: slow orphans
SELECT ID FROM FileLookup WHERE ID NOT IN (SELECT DISTINCT FileID FROM FilesetEntry);

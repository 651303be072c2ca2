-- The application runs ANALYZE every night; its SQLite is built without STAT4.
ANALYZE;
DROP TABLE IF EXISTS sqlite_stat4;

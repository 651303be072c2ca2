-- The application runs ANALYZE every night; its SQLite is built with STAT4.
ANALYZE;

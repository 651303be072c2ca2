-- The application runs ANALYZE with a limit when it is closed: averages that are wrong for columns of few values.
PRAGMA analysis_limit = 100;
ANALYZE;
PRAGMA analysis_limit = 0;

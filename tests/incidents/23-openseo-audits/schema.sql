CREATE TABLE audits(id TEXT PRIMARY KEY, project_id TEXT NOT NULL, started_at INTEGER NOT NULL, completed_at INTEGER);
CREATE TABLE audit_pages(id TEXT PRIMARY KEY, audit_id TEXT NOT NULL REFERENCES audits(id) ON DELETE CASCADE, url TEXT NOT NULL, status INTEGER);
CREATE TABLE audit_links(id INTEGER PRIMARY KEY, audit_id TEXT NOT NULL REFERENCES audits(id) ON DELETE CASCADE, source_page_id TEXT NOT NULL REFERENCES audit_pages(id) ON DELETE CASCADE, target TEXT NOT NULL);
CREATE TABLE audit_issues(id INTEGER PRIMARY KEY, audit_id TEXT NOT NULL REFERENCES audits(id) ON DELETE CASCADE, page_id TEXT REFERENCES audit_pages(id) ON DELETE CASCADE, kind TEXT NOT NULL);
CREATE INDEX audits_project ON audits(project_id, started_at);
CREATE INDEX audit_pages_audit ON audit_pages(audit_id, url);
CREATE INDEX audit_links_audit ON audit_links(audit_id, id);
CREATE INDEX audit_issues_audit ON audit_issues(audit_id, kind);

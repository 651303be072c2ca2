CREATE INDEX audit_links_source ON audit_links(source_page_id);
CREATE INDEX audit_issues_page ON audit_issues(page_id);

CREATE INDEX scans_priority ON scans(CASE status WHEN 'running' THEN 0 WHEN 'queued' THEN 1 ELSE 2 END, id DESC);

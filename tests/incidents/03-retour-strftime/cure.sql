CREATE INDEX idx_redirect_date ON records(redirect, date);

CREATE INDEX change_type_created ON change(type, created_at);

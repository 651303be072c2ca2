-- A helpdesk: tickets, their messages, and a knowledge base.

BEGIN;

CREATE TABLE organizations (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    domain TEXT NOT NULL UNIQUE,
    deleted_at TEXT
);

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    organization_id INTEGER REFERENCES organizations (id) ON DELETE SET NULL,
    email TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL DEFAULT 'customer',
    created_at TEXT NOT NULL,
    deleted_at TEXT
);

CREATE TABLE groups (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

CREATE TABLE tickets (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    external_id TEXT,
    subject TEXT NOT NULL,
    requester_id INTEGER NOT NULL REFERENCES users (id),
    assignee_id INTEGER REFERENCES users (id) ON DELETE SET NULL,
    organization_id INTEGER REFERENCES organizations (id) ON DELETE SET NULL,
    group_id INTEGER NOT NULL REFERENCES groups (id),
    merged_into_id INTEGER REFERENCES tickets (id) ON DELETE SET NULL,
    status TEXT NOT NULL DEFAULT 'new',
    priority INTEGER NOT NULL DEFAULT 2,
    channel TEXT NOT NULL DEFAULT 'email',
    needs_review INTEGER NOT NULL DEFAULT 0,
    message_count INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    due_at TEXT,
    solved_at TEXT,
    deleted_at TEXT
);

CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    author_id INTEGER REFERENCES users (id) ON DELETE SET NULL,
    reply_to_id INTEGER REFERENCES messages (id) ON DELETE SET NULL,
    message_id TEXT,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL
);

CREATE TABLE attachments (
    id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    digest TEXT NOT NULL
);

CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

CREATE TABLE ticket_tags (
    ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    tag_id INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (ticket_id, tag_id)
);

CREATE TABLE watchers (
    ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    PRIMARY KEY (ticket_id, user_id)
) WITHOUT ROWID;

CREATE TABLE sla_events (
    id INTEGER PRIMARY KEY,
    ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    due_at TEXT NOT NULL,
    handled INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE email_queue (
    id INTEGER PRIMARY KEY,
    ticket_id INTEGER REFERENCES tickets (id) ON DELETE CASCADE,
    recipient TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'queued',
    send_after TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE audits (
    id INTEGER PRIMARY KEY,
    ticket_id INTEGER REFERENCES tickets (id) ON DELETE CASCADE,
    user_id INTEGER REFERENCES users (id) ON DELETE SET NULL,
    field TEXT NOT NULL,
    was TEXT,
    becomes TEXT,
    happened_at TEXT NOT NULL
);

CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    section TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    published INTEGER NOT NULL DEFAULT 0
);

CREATE VIRTUAL TABLE articles_fts USING fts5 (title, body, content = 'articles', content_rowid = 'id');

CREATE INDEX index_users_on_organization_id ON users (organization_id);
CREATE INDEX index_users_on_email ON users (email);
CREATE INDEX index_users_on_lower_email ON users (lower(email));
CREATE INDEX index_tickets_on_number ON tickets (number);
CREATE INDEX index_tickets_on_requester_id ON tickets (requester_id, created_at);
CREATE INDEX index_tickets_on_assignee_id ON tickets (assignee_id);
CREATE INDEX index_tickets_on_assignee_id_and_status ON tickets (assignee_id, status);
CREATE INDEX index_tickets_on_organization_id ON tickets (organization_id, created_at);
CREATE INDEX index_tickets_on_group_id_and_status ON tickets (group_id, status, updated_at);
CREATE INDEX index_tickets_on_updated_at ON tickets (updated_at);
CREATE INDEX index_tickets_on_merged_into_id ON tickets (merged_into_id);
CREATE INDEX index_tickets_on_needs_review ON tickets (needs_review);
CREATE INDEX index_tickets_on_status ON tickets (status);
CREATE INDEX index_tickets_on_due_at ON tickets (due_at) WHERE solved_at IS NULL;
CREATE INDEX index_messages_on_ticket_id ON messages (ticket_id);
CREATE INDEX index_messages_on_ticket_id_and_created_at ON messages (ticket_id, created_at);
CREATE INDEX index_messages_on_author_id ON messages (author_id, created_at);
CREATE INDEX index_messages_on_message_id ON messages (message_id);
CREATE INDEX index_attachments_on_message_id ON attachments (message_id);
CREATE INDEX index_ticket_tags_on_ticket_id_and_tag_id ON ticket_tags (ticket_id, tag_id);
CREATE INDEX index_ticket_tags_on_tag_id ON ticket_tags (tag_id);
CREATE INDEX index_watchers_on_user_id ON watchers (user_id);
CREATE INDEX index_sla_events_on_ticket_id ON sla_events (ticket_id);
CREATE INDEX index_sla_events_on_due_at ON sla_events (due_at) WHERE handled = 0;
CREATE INDEX index_email_queue_on_status_and_send_after ON email_queue (status, send_after);
CREATE INDEX index_email_queue_on_ticket_id ON email_queue (ticket_id);
CREATE INDEX index_audits_on_ticket_id ON audits (ticket_id, happened_at);
CREATE INDEX index_audits_on_user_id ON audits (user_id);

CREATE TRIGGER messages_counted AFTER INSERT ON messages BEGIN
    UPDATE tickets SET message_count = message_count + 1 WHERE id = new.ticket_id;
END;

CREATE TRIGGER tickets_audited AFTER UPDATE OF status ON tickets WHEN new.status <> old.status BEGIN
    INSERT INTO audits (ticket_id, user_id, field, was, becomes, happened_at)
    VALUES (new.id, new.assignee_id, 'status', old.status, new.status, new.updated_at);
END;

CREATE TRIGGER tickets_merged AFTER UPDATE OF merged_into_id ON tickets WHEN new.merged_into_id IS NOT NULL BEGIN
    UPDATE messages SET ticket_id = new.merged_into_id WHERE ticket_id = new.id;
    UPDATE email_queue SET status = 'dropped' WHERE ticket_id = new.id AND status = 'queued';
END;

CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
    INSERT INTO articles_fts (rowid, title, body) VALUES (new.id, new.title, new.body);
END;

CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
END;

CREATE TRIGGER articles_fts_update AFTER UPDATE OF title, body ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
    INSERT INTO articles_fts (rowid, title, body) VALUES (new.id, new.title, new.body);
END;

COMMIT;

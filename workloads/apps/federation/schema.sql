-- A small server of a federated social network.

BEGIN;

CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    handle TEXT NOT NULL,
    domain TEXT,
    display_name TEXT NOT NULL DEFAULT '',
    uri TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    suspended_at INTEGER
);

CREATE TABLE statuses (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    uri TEXT NOT NULL UNIQUE,
    in_reply_to_id TEXT REFERENCES statuses (id) ON DELETE SET NULL,
    boost_of_id TEXT REFERENCES statuses (id) ON DELETE CASCADE,
    visibility INTEGER NOT NULL,
    local INTEGER NOT NULL,
    content TEXT NOT NULL,
    favourites INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
);

CREATE TABLE follows (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    target_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    show_boosts INTEGER NOT NULL DEFAULT 1,
    UNIQUE (account_id, target_id)
);

CREATE TABLE favourites (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    status_id TEXT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    UNIQUE (account_id, status_id)
);

CREATE TABLE bookmarks (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    status_id TEXT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, status_id)
) WITHOUT ROWID;

CREATE TABLE mentions (
    id TEXT NOT NULL PRIMARY KEY,
    status_id TEXT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE
);

CREATE TABLE media (
    id TEXT NOT NULL PRIMARY KEY,
    status_id TEXT REFERENCES statuses (id) ON DELETE SET NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    remote_url TEXT,
    kind TEXT NOT NULL,
    cached INTEGER NOT NULL DEFAULT 0,
    fetched_at INTEGER
);

CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE UNIQUE);

CREATE TABLE status_tags (
    status_id TEXT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    tag_id INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (status_id, tag_id)
) WITHOUT ROWID;

CREATE TABLE notifications (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    from_account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    status_id TEXT REFERENCES statuses (id) ON DELETE CASCADE,
    read INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
);

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    host TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'waiting',
    next_try_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    payload TEXT NOT NULL
);

CREATE INDEX accounts_id_idx ON accounts (id);
CREATE INDEX accounts_uri_idx ON accounts (uri);
CREATE INDEX accounts_handle_domain_idx ON accounts (handle, domain);
CREATE INDEX accounts_domain_idx ON accounts (domain);
CREATE INDEX statuses_account_id_idx ON statuses (account_id);
CREATE INDEX statuses_account_id_id_idx ON statuses (account_id, id);
CREATE INDEX statuses_in_reply_to_id_idx ON statuses (in_reply_to_id);
CREATE INDEX statuses_boost_of_id_idx ON statuses (boost_of_id);
CREATE INDEX statuses_visibility_idx ON statuses (visibility);
CREATE INDEX statuses_created_at_idx ON statuses (created_at);
CREATE INDEX follows_account_id_target_id_idx ON follows (account_id, target_id);
CREATE INDEX follows_target_id_idx ON follows (target_id);
CREATE INDEX favourites_account_id_id_idx ON favourites (account_id, id);
CREATE INDEX favourites_status_id_idx ON favourites (status_id);
CREATE INDEX bookmarks_status_id_idx ON bookmarks (status_id);
CREATE INDEX mentions_status_id_idx ON mentions (status_id);
CREATE INDEX mentions_account_id_idx ON mentions (account_id);
CREATE INDEX media_status_id_idx ON media (status_id);
CREATE INDEX media_account_id_idx ON media (account_id);
CREATE INDEX media_cached_idx ON media (fetched_at) WHERE cached = 1;
CREATE INDEX status_tags_tag_id_status_id_idx ON status_tags (tag_id, status_id);
CREATE INDEX notifications_account_id_idx ON notifications (account_id);
CREATE INDEX notifications_account_id_id_idx ON notifications (account_id, id);
CREATE INDEX notifications_from_account_id_idx ON notifications (from_account_id);
CREATE INDEX notifications_status_id_idx ON notifications (status_id);
CREATE INDEX deliveries_status_next_try_at_idx ON deliveries (status, next_try_at);
CREATE INDEX deliveries_host_idx ON deliveries (host, status);

CREATE TRIGGER favourites_added AFTER INSERT ON favourites BEGIN
    UPDATE statuses SET favourites = favourites + 1 WHERE id = new.status_id;
END;

CREATE TRIGGER favourites_removed AFTER DELETE ON favourites BEGIN
    UPDATE statuses SET favourites = favourites - 1 WHERE id = old.status_id;
END;

CREATE TRIGGER statuses_removed AFTER UPDATE OF deleted_at ON statuses
WHEN new.deleted_at IS NOT NULL AND old.deleted_at IS NULL BEGIN
    DELETE FROM notifications WHERE status_id = new.id;
    DELETE FROM mentions WHERE status_id = new.id;
END;

COMMIT;

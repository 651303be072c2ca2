-- A self-hosted photo library.

BEGIN;

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
);

CREATE TABLE libraries (
    id INTEGER PRIMARY KEY,
    owner_id INTEGER NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    UNIQUE (owner_id, name)
);

CREATE TABLE folders (
    id INTEGER PRIMARY KEY,
    library_id INTEGER NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
    parent_id INTEGER REFERENCES folders (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    UNIQUE (library_id, path)
);

CREATE TABLE stacks (
    id INTEGER PRIMARY KEY,
    owner_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL
);

CREATE TABLE assets (
    id INTEGER PRIMARY KEY,
    library_id INTEGER NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
    owner_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    folder_id INTEGER REFERENCES folders (id) ON DELETE CASCADE,
    stack_id INTEGER REFERENCES stacks (id) ON DELETE SET NULL,
    live_photo_of INTEGER REFERENCES assets (id) ON DELETE SET NULL,
    checksum TEXT NOT NULL,
    original_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    width INTEGER,
    height INTEGER,
    bytes INTEGER NOT NULL,
    taken_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    is_favorite INTEGER NOT NULL DEFAULT 0,
    visibility TEXT NOT NULL DEFAULT 'private',
    UNIQUE (library_id, checksum)
);

CREATE TABLE exif (
    asset_id INTEGER PRIMARY KEY REFERENCES assets (id) ON DELETE CASCADE,
    make TEXT,
    model TEXT,
    lens TEXT,
    iso INTEGER,
    latitude REAL,
    longitude REAL,
    city TEXT,
    country TEXT
);

CREATE TABLE albums (
    id INTEGER PRIMARY KEY,
    owner_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    cover_asset_id INTEGER REFERENCES assets (id) ON DELETE SET NULL,
    asset_count INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
);

CREATE TABLE album_assets (
    album_id INTEGER NOT NULL REFERENCES albums (id) ON DELETE CASCADE,
    asset_id INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (album_id, asset_id)
);

CREATE TABLE tags (
    id INTEGER PRIMARY KEY,
    owner_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL COLLATE NOCASE,
    uses INTEGER NOT NULL DEFAULT 0,
    UNIQUE (owner_id, name)
);

CREATE TABLE asset_tags (
    asset_id INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
    tag_id INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (asset_id, tag_id)
);

CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    owner_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL DEFAULT '',
    hidden INTEGER NOT NULL DEFAULT 0,
    updated_at INTEGER NOT NULL
);

CREATE TABLE faces (
    id INTEGER PRIMARY KEY,
    asset_id INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
    person_id INTEGER REFERENCES people (id) ON DELETE SET NULL,
    box TEXT NOT NULL,
    score REAL NOT NULL
);

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    asset_id INTEGER REFERENCES assets (id) ON DELETE CASCADE,
    status TEXT NOT NULL DEFAULT 'pending',
    priority INTEGER NOT NULL DEFAULT 0,
    run_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    finished_at INTEGER
);

CREATE TABLE activity (
    id INTEGER PRIMARY KEY,
    album_id INTEGER NOT NULL REFERENCES albums (id) ON DELETE CASCADE,
    asset_id INTEGER REFERENCES assets (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    body TEXT,
    created_at INTEGER NOT NULL
);

CREATE TABLE sync_audit (
    id INTEGER PRIMARY KEY,
    entity TEXT NOT NULL,
    entity_id INTEGER NOT NULL,
    owner_id INTEGER NOT NULL,
    happened_at INTEGER NOT NULL
);

CREATE INDEX folders_parent ON folders (parent_id);
CREATE INDEX assets_owner ON assets (owner_id);
CREATE INDEX assets_owner_taken ON assets (owner_id, taken_at);
CREATE INDEX assets_library_checksum ON assets (library_id, checksum);
CREATE INDEX assets_folder ON assets (folder_id, original_name);
CREATE INDEX assets_taken ON assets (taken_at);
CREATE INDEX assets_visibility ON assets (visibility);
CREATE INDEX assets_updated ON assets (updated_at);
CREATE INDEX assets_trash ON assets (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX assets_live_photo ON assets (live_photo_of);
CREATE INDEX assets_stack ON assets (stack_id);
CREATE INDEX exif_place ON exif (country, city);
CREATE INDEX albums_owner_updated ON albums (owner_id, updated_at);
CREATE INDEX albums_cover ON albums (cover_asset_id);
CREATE INDEX album_assets_album ON album_assets (album_id);
CREATE INDEX album_assets_asset ON album_assets (asset_id);
CREATE INDEX asset_tags_asset_tag ON asset_tags (asset_id, tag_id);
CREATE INDEX asset_tags_tag ON asset_tags (tag_id);
CREATE INDEX people_owner_name ON people (owner_id, name);
CREATE INDEX faces_asset ON faces (asset_id);
CREATE INDEX faces_person ON faces (person_id);
CREATE INDEX faces_person_asset ON faces (person_id, asset_id);
CREATE INDEX jobs_asset ON jobs (asset_id);
CREATE INDEX jobs_status ON jobs (status);
CREATE INDEX jobs_status_finished ON jobs (status, finished_at);
CREATE INDEX activity_album_created ON activity (album_id, created_at);
CREATE INDEX activity_asset ON activity (asset_id);
CREATE INDEX activity_user ON activity (user_id);
CREATE INDEX sync_audit_owner_happened ON sync_audit (owner_id, happened_at);

CREATE TRIGGER assets_deleted AFTER DELETE ON assets BEGIN
    INSERT INTO sync_audit (entity, entity_id, owner_id, happened_at)
    VALUES ('asset', old.id, old.owner_id, old.updated_at);
END;

CREATE TRIGGER assets_trashed AFTER UPDATE OF deleted_at ON assets
WHEN new.deleted_at IS NOT NULL AND old.deleted_at IS NULL BEGIN
    UPDATE albums SET cover_asset_id = NULL WHERE cover_asset_id = new.id;
END;

CREATE TRIGGER album_assets_added AFTER INSERT ON album_assets BEGIN
    UPDATE albums SET asset_count = asset_count + 1 WHERE id = new.album_id;
END;

COMMIT;

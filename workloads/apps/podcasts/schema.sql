-- A server that fetches podcasts and plays them.

BEGIN;

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    deleted_at TEXT
);

CREATE TABLE podcasts (
    id INTEGER PRIMARY KEY,
    feed_url TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    explicit INTEGER NOT NULL DEFAULT 0,
    etag TEXT,
    episode_count INTEGER NOT NULL DEFAULT 0,
    next_fetch_at TEXT,
    deleted_at TEXT
);

CREATE TABLE categories (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

CREATE TABLE podcast_categories (
    podcast_id INTEGER NOT NULL REFERENCES podcasts (id) ON DELETE CASCADE,
    category_id INTEGER NOT NULL REFERENCES categories (id) ON DELETE CASCADE,
    PRIMARY KEY (podcast_id, category_id)
) WITHOUT ROWID;

CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    bytes INTEGER NOT NULL,
    digest TEXT NOT NULL,
    missing INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE episodes (
    id INTEGER PRIMARY KEY,
    podcast_id INTEGER NOT NULL REFERENCES podcasts (id) ON DELETE CASCADE,
    guid TEXT NOT NULL,
    title TEXT NOT NULL,
    published_at TEXT NOT NULL,
    seconds INTEGER,
    enclosure_url TEXT NOT NULL,
    downloaded INTEGER NOT NULL DEFAULT 0,
    file_id INTEGER REFERENCES files (id) ON DELETE SET NULL,
    deleted_at TEXT,
    UNIQUE (podcast_id, guid)
);

CREATE TABLE chapters (
    id INTEGER PRIMARY KEY,
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    title TEXT NOT NULL
);

CREATE TABLE subscriptions (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    podcast_id INTEGER NOT NULL REFERENCES podcasts (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    notify INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, podcast_id)
);

CREATE TABLE progress (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    finished INTEGER NOT NULL DEFAULT 0,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (user_id, episode_id)
);

CREATE TABLE playlists (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    updated_at TEXT NOT NULL
);

CREATE TABLE playlist_items (
    id INTEGER PRIMARY KEY,
    playlist_id INTEGER NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    position INTEGER NOT NULL
);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    playlist_id INTEGER REFERENCES playlists (id) ON DELETE SET NULL,
    device TEXT NOT NULL,
    started_at TEXT NOT NULL,
    seconds INTEGER NOT NULL
);

CREATE TABLE downloads (
    id INTEGER PRIMARY KEY,
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    status TEXT NOT NULL DEFAULT 'queued',
    queued_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT
);

CREATE TABLE fetch_log (
    id INTEGER PRIMARY KEY,
    podcast_id INTEGER NOT NULL REFERENCES podcasts (id) ON DELETE CASCADE,
    fetched_at TEXT NOT NULL,
    http_status INTEGER NOT NULL,
    new_episodes INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL
);

CREATE INDEX ix_podcasts_feed_url ON podcasts (feed_url);
CREATE INDEX ix_podcasts_language_title ON podcasts (language, title);
CREATE INDEX ix_podcasts_next_fetch ON podcasts (next_fetch_at) WHERE deleted_at IS NULL;
CREATE INDEX ix_podcast_categories_category ON podcast_categories (category_id);
CREATE INDEX ix_files_digest ON files (digest);
CREATE INDEX ix_episodes_podcast ON episodes (podcast_id);
CREATE INDEX ix_episodes_podcast_published ON episodes (podcast_id, published_at);
CREATE INDEX ix_episodes_published ON episodes (published_at);
CREATE INDEX ix_episodes_downloaded ON episodes (downloaded);
CREATE INDEX ix_episodes_file ON episodes (file_id);
CREATE INDEX ix_episodes_guid ON episodes (guid);
CREATE INDEX ix_chapters_episode ON chapters (episode_id, start);
CREATE INDEX ix_subscriptions_podcast ON subscriptions (podcast_id);
CREATE INDEX ix_progress_user ON progress (user_id);
CREATE INDEX ix_progress_user_updated ON progress (user_id, updated_at);
CREATE INDEX ix_progress_episode ON progress (episode_id);
CREATE INDEX ix_playlists_user ON playlists (user_id);
CREATE INDEX ix_playlist_items_playlist ON playlist_items (playlist_id, position);
CREATE INDEX ix_playlist_items_episode ON playlist_items (episode_id);
CREATE INDEX ix_sessions_user_started ON sessions (user_id, started_at);
CREATE INDEX ix_sessions_history ON sessions (user_id, started_at);
CREATE INDEX ix_sessions_episode ON sessions (episode_id);
CREATE INDEX ix_sessions_started ON sessions (started_at);
CREATE INDEX ix_downloads_status_queued ON downloads (status, queued_at);
CREATE INDEX ix_downloads_episode ON downloads (episode_id);
CREATE INDEX ix_fetch_log_id ON fetch_log (id);
CREATE INDEX ix_fetch_log_podcast_fetched ON fetch_log (podcast_id, fetched_at);

CREATE TRIGGER episodes_counted AFTER INSERT ON episodes BEGIN
    UPDATE podcasts SET episode_count = episode_count + 1 WHERE id = new.podcast_id;
END;

CREATE TRIGGER episodes_removed AFTER UPDATE OF deleted_at ON episodes
WHEN new.deleted_at IS NOT NULL AND old.deleted_at IS NULL BEGIN
    UPDATE podcasts SET episode_count = episode_count - 1 WHERE id = new.podcast_id;
    DELETE FROM playlist_items WHERE episode_id = new.id;
    DELETE FROM downloads WHERE episode_id = new.id AND status = 'queued';
END;

COMMIT;

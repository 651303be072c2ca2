CREATE TABLE messages(id INTEGER PRIMARY KEY, network_id INTEGER NOT NULL, channel TEXT NOT NULL, dm_with TEXT, sender TEXT NOT NULL, body TEXT);
CREATE INDEX messages_channel_id ON messages(network_id, channel, id);
CREATE INDEX messages_dm_with_id ON messages(network_id, dm_with, id);

-- What the federated server asks.

-- name: home timeline
-- weight: 60
-- param: :account = '01A00001403C'
-- param: :max = '01S005DD1940'
SELECT s.id, s.account_id, s.content, s.boost_of_id FROM statuses s
WHERE s.id < :max AND s.deleted_at IS NULL AND s.visibility < 4
  AND s.account_id IN (SELECT target_id FROM follows WHERE account_id = :account)
ORDER BY s.id DESC LIMIT 40;

-- name: local timeline
-- weight: 20
SELECT id, account_id, content FROM statuses
WHERE local = 1 AND visibility = 1 AND deleted_at IS NULL ORDER BY id DESC LIMIT 40;

-- name: count of local statuses
-- weight: 10
SELECT count(*) FROM statuses WHERE local = 1 AND deleted_at IS NULL;

-- name: profile page
-- weight: 40
-- param: :account = '01A0000F92EB'
-- param: :max = '01Z'
SELECT id, content, boost_of_id FROM statuses
WHERE account_id = :account AND visibility = 1 AND deleted_at IS NULL AND id < :max ORDER BY id DESC LIMIT 30;

-- name: count of statuses of an account
-- weight: 20
-- param: :account = '01A0000F92EB'
SELECT count(*) FROM statuses WHERE account_id = :account AND boost_of_id IS NULL AND deleted_at IS NULL;

-- name: media page of an account
-- weight: 5
-- param: :account = '01A00003F0BD'
SELECT m.id, m.remote_url, m.kind FROM media m WHERE m.account_id = :account ORDER BY m.id DESC LIMIT 20;

-- name: status by address
-- weight: 60
-- param: :uri = 'https://host133.example/s/0b2e4e0'
SELECT id FROM statuses WHERE uri = :uri;

-- name: replies
-- weight: 30
-- param: :status = '01S000AF80E2'
SELECT id, account_id, content FROM statuses WHERE in_reply_to_id = :status AND deleted_at IS NULL ORDER BY id;

-- name: boosts of a status
-- weight: 30
-- param: :status = '01S000AF80E2'
SELECT count(*) FROM statuses WHERE boost_of_id = :status AND deleted_at IS NULL;

-- name: statuses of a day
-- weight: 1
-- param: :from = 1690000000
-- param: :to = 1690086400
SELECT local, visibility, count(*) FROM statuses WHERE created_at >= :from AND created_at < :to GROUP BY local, visibility;

-- name: account by handle
-- weight: 40
-- param: :handle = 'account-500'
-- param: :domain = 'host187.example'
SELECT id, uri, suspended_at FROM accounts WHERE handle = :handle AND domain = :domain;

-- name: accounts with a handle
-- weight: 10
-- param: :handle = 'account77'
SELECT id, domain, uri FROM accounts WHERE handle = :handle AND suspended_at IS NULL ORDER BY domain LIMIT 20;

-- name: account by address
-- weight: 60
-- param: :uri = 'https://host187.example/users/1500'
SELECT id, suspended_at FROM accounts WHERE uri = :uri;

-- name: accounts of a host
-- weight: 2
-- param: :domain = 'host200.example'
SELECT id, handle, suspended_at FROM accounts WHERE domain = :domain ORDER BY handle;

-- name: statuses of a host
-- weight: 4
-- param: :domain = 'host200.example'
SELECT s.id, s.content, a.handle FROM accounts a JOIN statuses s ON s.account_id = a.id
WHERE a.domain = :domain AND s.visibility = 1 AND s.deleted_at IS NULL ORDER BY s.id DESC LIMIT 40;

-- name: follow
-- weight: 5
-- param: ?1 = '01F0FFFFFFFF'
-- param: ?2 = '01A0010E42A3'
INSERT INTO follows (id, account_id, target_id) VALUES (?1, '01A000001003', ?2)
ON CONFLICT (account_id, target_id) DO UPDATE SET show_boosts = 1;

-- name: followers page
-- weight: 10
-- param: :account = '01A000003009'
SELECT a.id, a.handle, a.domain FROM follows f JOIN accounts a ON a.id = f.account_id
WHERE f.target_id = :account AND a.suspended_at IS NULL ORDER BY f.id DESC LIMIT 40;

-- name: count of followers
-- weight: 20
-- param: :account = '01A000003009'
SELECT count(*) FROM follows WHERE target_id = :account;

-- name: hosts of the followers
-- weight: 10
-- param: :account = '01A000028078'
SELECT DISTINCT a.domain FROM follows f JOIN accounts a ON a.id = f.account_id WHERE f.target_id = :account AND a.domain IS NOT NULL;

-- name: favourites page
-- weight: 5
-- param: :account = '01A000001003'
SELECT s.id, s.content FROM favourites v JOIN statuses s ON s.id = v.status_id
WHERE v.account_id = :account AND s.deleted_at IS NULL ORDER BY v.id DESC LIMIT 20;

-- name: who likes a status
-- weight: 10
-- param: :status = '01S000AF80E2'
SELECT a.id, a.handle FROM favourites v JOIN accounts a ON a.id = v.account_id WHERE v.status_id = :status;

-- name: like
-- weight: 20
-- param: ?1 = '01V0FFFFFFFF'
-- param: ?2 = '01A000002006'
-- param: ?3 = '01S000AF80E2'
INSERT INTO favourites (id, account_id, status_id) VALUES (?1, ?2, ?3) ON CONFLICT (account_id, status_id) DO NOTHING;

-- name: bookmarks page
-- weight: 3
-- param: :account = '01A000002006'
SELECT s.id, s.content FROM bookmarks b JOIN statuses s ON s.id = b.status_id
WHERE b.account_id = :account AND s.deleted_at IS NULL ORDER BY b.created_at DESC LIMIT 20;

-- name: mentions of a status
-- weight: 40
-- param: :status = '01S00006B141'
SELECT a.id, a.handle, a.domain FROM mentions m JOIN accounts a ON a.id = m.account_id WHERE m.status_id = :status;

-- name: direct messages
-- weight: 5
-- param: :account = '01A0007D1770'
SELECT s.id, s.account_id, s.content FROM mentions m JOIN statuses s ON s.id = m.status_id
WHERE m.account_id = :account AND s.visibility = 4 AND s.deleted_at IS NULL ORDER BY s.id DESC LIMIT 20;

-- name: media of a status
-- weight: 60
-- param: :status = '01S00006B141'
SELECT id, kind, remote_url FROM media WHERE status_id = :status;

-- name: media by address
-- weight: 10
-- param: :url = 'https://files.example/ee430ad5/4001.webp'
SELECT id, status_id FROM media WHERE remote_url = :url;

-- name: media to remove from the cache
-- weight: 1
-- param: :until = 1697700000
SELECT id FROM media WHERE cached = 1 AND fetched_at < :until ORDER BY fetched_at LIMIT 100;

-- name: timeline of a tag
-- weight: 10
-- param: :tag = 'subject600'
SELECT s.id, s.content FROM tags t JOIN status_tags x ON x.tag_id = t.id JOIN statuses s ON s.id = x.status_id
WHERE t.name = :tag AND s.visibility = 1 AND s.deleted_at IS NULL ORDER BY s.id DESC LIMIT 40;

-- name: notifications page
-- weight: 40
-- param: :account = '01A000001003'
SELECT n.id, n.kind, n.status_id, a.handle, a.domain FROM notifications n JOIN accounts a ON a.id = n.from_account_id
WHERE n.account_id = :account ORDER BY n.id DESC LIMIT 30;

-- name: notifications page of a quiet account
-- weight: 20
-- param: :account = '01A0000360A2'
SELECT n.id, n.kind, n.status_id, a.handle, a.domain FROM notifications n JOIN accounts a ON a.id = n.from_account_id
WHERE n.account_id = :account ORDER BY n.id DESC LIMIT 30;

-- name: notifications page of mentions
-- weight: 10
-- param: :account = '01A000001003'
-- param: :kind = 'mention'
-- param: :from = NULL
SELECT id, kind, status_id, created_at FROM notifications
WHERE account_id = :account AND (:kind IS NULL OR kind = :kind) AND (:from IS NULL OR from_account_id = :from) ORDER BY id DESC LIMIT 30;

-- name: notifications page from one account
-- weight: 1
-- param: :account = '01A000001003'
-- param: :kind = NULL
-- param: :from = '01A00124A6D5'
SELECT id, kind, status_id, created_at FROM notifications
WHERE account_id = :account AND (:kind IS NULL OR kind = :kind) AND (:from IS NULL OR from_account_id = :from) ORDER BY id DESC LIMIT 30;

-- name: count of unread notifications
-- weight: 80
-- param: :account = '01A000001003'
SELECT count(*) FROM notifications WHERE account_id = :account AND read = 0;

-- name: next delivery
-- weight: 40
-- param: :now = 1697700000
UPDATE deliveries SET status = 'sending', attempts = attempts + 1
WHERE id = (SELECT id FROM deliveries WHERE status = 'waiting' AND next_try_at <= :now ORDER BY next_try_at LIMIT 1);

-- name: deliveries to a host
-- weight: 2
-- param: :host = 'host77.example'
SELECT status, count(*), max(next_try_at) FROM deliveries WHERE host = :host GROUP BY status;

-- name: publish
-- weight: 15
-- param: ?1 = '01SFFFFFFFFF'
-- param: ?2 = '01A000001003'
-- param: ?3 = 1702000000
INSERT INTO statuses (id, account_id, uri, visibility, local, content, created_at)
VALUES (?1, ?2, 'https://social.example/s/new', 1, 1, 'Words', ?3);

-- name: remove a status
-- weight: 3
-- param: ?1 = '01S00006B141'
UPDATE statuses SET deleted_at = 1702000000 WHERE id = ?1;

-- name: delete a status for good
-- weight: 3
-- param: ?1 = '01S004E2EA60'
DELETE FROM statuses WHERE id = ?1;

-- name: delete an account
-- weight: 1
-- param: ?1 = '01A00138AA95'
DELETE FROM accounts WHERE id = ?1;

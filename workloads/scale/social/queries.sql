-- What a social network asks: timelines, people, conversations, groups, events, moderation. Every value is given.

-- name: home timeline
-- weight: 50
-- param: :me = 300
-- param: :before = 1699000000
SELECT p.id, p.user_id, u.handle, p.body, p.created_at FROM posts p JOIN users u ON u.id = p.user_id
WHERE p.user_id IN (SELECT followee_id FROM follows WHERE follower_id = :me AND muted = 0)
  AND p.created_at < :before AND p.deleted_at IS NULL AND p.visibility <> 'private' ORDER BY p.created_at DESC LIMIT 30;

-- name: home timeline of a new member
-- weight: 10
-- param: :me = 19900
SELECT p.id, p.user_id, p.body, p.created_at FROM follows f JOIN posts p ON p.user_id = f.followee_id
WHERE f.follower_id = :me AND p.deleted_at IS NULL ORDER BY p.created_at DESC LIMIT 30;

-- name: new posts since the last visit
-- weight: 30
-- param: :me = 300
-- param: :since = 1698900000
SELECT count(*) FROM posts p JOIN follows f ON f.followee_id = p.user_id
WHERE f.follower_id = :me AND p.created_at > :since AND p.deleted_at IS NULL;

-- name: profile timeline
-- weight: 40
-- param: :user = 42
SELECT id, body, shared_post_id, created_at FROM posts WHERE user_id = :user AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 20;

-- name: profile timeline as a stranger sees it
-- weight: 20
-- param: :user = 4200
SELECT id, body, created_at FROM posts WHERE user_id = :user AND visibility = 'public' AND group_id IS NULL AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 20;

-- name: page two of a profile
-- weight: 8
-- param: :user = 42
-- param: :before = 1680000000
SELECT id, body, created_at FROM posts WHERE user_id = :user AND created_at < :before AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 20;

-- name: count of posts
-- weight: 40
-- param: :user = 42
SELECT count(*) FROM posts WHERE user_id = :user AND deleted_at IS NULL;

-- name: count of followers
-- weight: 60
-- param: :user = 7
SELECT count(*) FROM follows WHERE followee_id = :user;

-- name: count of followed people
-- weight: 60
-- param: :user = 7
SELECT count(*) FROM follows WHERE follower_id = :user;

-- name: followers page
-- weight: 15
-- param: :user = 70
SELECT u.id, u.handle, u.display_name FROM follows f JOIN users u ON u.id = f.follower_id
WHERE f.followee_id = :user AND u.deleted_at IS NULL ORDER BY f.created_at DESC LIMIT 50;

-- name: followed people page
-- weight: 15
-- param: :user = 70
SELECT u.id, u.handle, u.display_name FROM follows f JOIN users u ON u.id = f.followee_id
WHERE f.follower_id = :user AND u.deleted_at IS NULL ORDER BY f.created_at DESC LIMIT 50;

-- name: followers that I follow too
-- weight: 12
-- param: :me = 300
-- param: :user = 70
SELECT u.id, u.handle FROM follows a JOIN follows b ON b.followee_id = :user AND b.follower_id = a.followee_id JOIN users u ON u.id = a.followee_id
WHERE a.follower_id = :me ORDER BY u.handle LIMIT 10;

-- name: followers of followers
-- weight: 3
-- param: :user = 15000
SELECT count(DISTINCT b.follower_id) FROM follows a JOIN follows b ON b.followee_id = a.follower_id WHERE a.followee_id = :user;

-- name: people you may know
-- weight: 5
-- param: :me = 12000
SELECT b.followee_id, count(*) AS n FROM follows a JOIN follows b ON b.follower_id = a.followee_id
WHERE a.follower_id = :me AND b.followee_id <> :me
  AND NOT EXISTS (SELECT 1 FROM follows c WHERE c.follower_id = :me AND c.followee_id = b.followee_id)
GROUP BY b.followee_id ORDER BY n DESC, b.followee_id LIMIT 20;

-- name: mutual follows
-- weight: 5
-- param: :me = 360
SELECT a.followee_id FROM follows a JOIN follows b ON b.follower_id = a.followee_id AND b.followee_id = a.follower_id WHERE a.follower_id = :me;

-- name: newest followers
-- weight: 10
-- param: :me = 7
-- param: :since = 1699000000
SELECT u.id, u.handle, f.created_at FROM follows f JOIN users u ON u.id = f.follower_id
WHERE f.followee_id = :me AND f.created_at > :since ORDER BY f.created_at DESC;

-- name: most followed people
-- weight: 0.5
SELECT f.followee_id, u.handle, count(*) AS n FROM follows f JOIN users u ON u.id = f.followee_id GROUP BY f.followee_id ORDER BY n DESC LIMIT 20;

-- name: most followed people of a country
-- weight: 0.5
-- param: :country = 'Country 12'
SELECT u.id, u.handle, count(*) AS n FROM users u JOIN follows f ON f.followee_id = u.id
WHERE u.country = :country AND u.deleted_at IS NULL GROUP BY u.id ORDER BY n DESC LIMIT 20;

-- name: person by handle
-- weight: 60
-- param: :handle = 'mifarm_7777'
SELECT id, display_name, city, country, bio FROM users WHERE handle = :handle AND deleted_at IS NULL;

-- name: person by handle in any case
-- weight: 10
-- param: :handle = 'MIFARM_7777'
SELECT id, handle FROM users WHERE lower(handle) = lower(:handle);

-- name: search by the beginning of a name
-- weight: 15
-- param: :pattern = 'Tune Lake%'
SELECT id, handle, display_name FROM users WHERE display_name LIKE :pattern AND deleted_at IS NULL ORDER BY last_seen_at DESC LIMIT 20;

-- name: search by the beginning of a handle
-- weight: 15
-- param: :from = 'mifa'
-- param: :to = 'mifb'
SELECT id, handle FROM users WHERE handle >= :from AND handle < :to AND deleted_at IS NULL ORDER BY handle LIMIT 10;

-- name: search by a part of a name
-- weight: 4
-- param: :pattern = '%house 77%'
SELECT id, handle, display_name FROM users WHERE display_name LIKE :pattern AND deleted_at IS NULL LIMIT 20;

-- name: people of a city
-- weight: 4
-- param: :city = 'City 120'
SELECT id, handle, display_name FROM users WHERE city = :city AND private = 0 AND deleted_at IS NULL ORDER BY last_seen_at DESC LIMIT 30;

-- name: people of a country by city
-- weight: 1
-- param: :country = 'Country 3'
SELECT city, count(*) AS n FROM users WHERE country = :country AND deleted_at IS NULL GROUP BY city ORDER BY n DESC;

-- name: people filter page without filters
-- weight: 3
-- param: :country = NULL
-- param: :city = NULL
-- param: :seen = NULL
SELECT id, handle, last_seen_at FROM users
WHERE (:country IS NULL OR country = :country) AND (:city IS NULL OR city = :city) AND (:seen IS NULL OR last_seen_at >= :seen)
  AND deleted_at IS NULL ORDER BY last_seen_at DESC LIMIT 40;

-- name: people filter page of a country
-- weight: 2
-- param: :country = 'Country 9'
-- param: :city = NULL
-- param: :seen = 1699900000
SELECT id, handle, last_seen_at FROM users
WHERE (:country IS NULL OR country = :country) AND (:city IS NULL OR city = :city) AND (:seen IS NULL OR last_seen_at >= :seen)
  AND deleted_at IS NULL ORDER BY last_seen_at DESC LIMIT 40;

-- name: birthdays of today
-- weight: 1
-- param: :me = 300
-- param: :day = '04-14'
SELECT u.id, u.handle FROM follows f JOIN users u ON u.id = f.followee_id WHERE f.follower_id = :me AND substr(u.birthday, 6) = :day;

-- name: people who were here today
-- weight: 0.5
-- param: :since = 1699990000
SELECT count(*) FROM users WHERE last_seen_at > :since AND deleted_at IS NULL;

-- name: one post
-- weight: 80
-- param: :post = 50000
SELECT p.id, p.body, p.created_at, u.handle, u.display_name, l.name FROM posts p JOIN users u ON u.id = p.user_id LEFT JOIN places l ON l.id = p.place_id WHERE p.id = :post;

-- name: count of likes
-- weight: 80
-- param: :post = 50000
SELECT count(*) FROM likes WHERE post_id = :post;

-- name: do I like it
-- weight: 80
-- param: :me = 201
-- param: :post = 9
SELECT 1 FROM likes WHERE user_id = :me AND post_id = :post;

-- name: who likes a post
-- weight: 10
-- param: :post = 900
SELECT u.id, u.handle FROM likes k JOIN users u ON u.id = k.user_id WHERE k.post_id = :post ORDER BY k.created_at DESC LIMIT 30;

-- name: friends who like a post
-- weight: 15
-- param: :me = 300
-- param: :post = 1
SELECT u.handle FROM likes k JOIN follows f ON f.follower_id = :me AND f.followee_id = k.user_id JOIN users u ON u.id = k.user_id WHERE k.post_id = :post;

-- name: posts that I liked
-- weight: 5
-- param: :me = 300
SELECT p.id, p.body, k.created_at FROM likes k JOIN posts p ON p.id = k.post_id WHERE k.user_id = :me AND p.deleted_at IS NULL ORDER BY k.created_at DESC LIMIT 20;

-- name: likes that a person received
-- weight: 3
-- param: :user = 42
SELECT count(*) FROM posts p JOIN likes k ON k.post_id = p.id WHERE p.user_id = :user AND p.deleted_at IS NULL;

-- name: most liked posts of a week
-- weight: 0.5
-- param: :from = 1699000000
-- param: :to = 1699604800
SELECT p.id, p.body, count(*) AS n FROM posts p JOIN likes k ON k.post_id = p.id
WHERE p.created_at >= :from AND p.created_at < :to AND p.deleted_at IS NULL GROUP BY p.id ORDER BY n DESC LIMIT 10;

-- name: comments of a post
-- weight: 60
-- param: :post = 50000
SELECT c.id, c.parent_id, c.body, c.created_at, u.handle FROM comments c JOIN users u ON u.id = c.user_id
WHERE c.post_id = :post AND c.deleted_at IS NULL ORDER BY c.created_at;

-- name: count of comments
-- weight: 60
-- param: :post = 50000
SELECT count(*) FROM comments WHERE post_id = :post AND deleted_at IS NULL;

-- name: answers to a comment
-- weight: 15
-- param: :comment = 29005
SELECT id, user_id, body FROM comments WHERE parent_id = :comment AND deleted_at IS NULL ORDER BY id;

-- name: a thread of comments
-- weight: 4
-- param: :comment = 28997
WITH RECURSIVE thread (id, depth) AS (
    SELECT :comment, 0
    UNION ALL
    SELECT c.id, t.depth + 1 FROM thread t JOIN comments c ON c.parent_id = t.id WHERE t.depth < 3
)
SELECT c.id, c.body, t.depth FROM thread t JOIN comments c ON c.id = t.id ORDER BY t.depth, c.id LIMIT 100;

-- name: comments of a person
-- weight: 3
-- param: :user = 42
SELECT c.id, c.body, c.post_id FROM comments c WHERE c.user_id = :user AND c.deleted_at IS NULL ORDER BY c.created_at DESC LIMIT 20;

-- name: newest comments on my posts
-- weight: 8
-- param: :me = 42
SELECT c.id, c.body, c.created_at, p.id FROM posts p JOIN comments c ON c.post_id = p.id
WHERE p.user_id = :me AND c.user_id <> :me AND c.deleted_at IS NULL ORDER BY c.created_at DESC LIMIT 20;

-- name: most discussed posts of a day
-- weight: 0.5
-- param: :from = 1690000000
-- param: :to = 1690086400
SELECT post_id, count(*) AS n FROM comments WHERE created_at >= :from AND created_at < :to GROUP BY post_id ORDER BY n DESC LIMIT 10;

-- name: shares of a post
-- weight: 10
-- param: :post = 2879
SELECT p.id, u.handle FROM posts p JOIN users u ON u.id = p.user_id WHERE p.shared_post_id = :post AND p.deleted_at IS NULL ORDER BY p.created_at DESC LIMIT 20;

-- name: photos of a post
-- weight: 40
-- param: :post = 50000
SELECT id, url, width, height FROM photos WHERE post_id = :post ORDER BY id;

-- name: photos of a person
-- weight: 10
-- param: :user = 42
SELECT f.id, f.url FROM photos f JOIN posts p ON p.id = f.post_id WHERE f.user_id = :user AND p.deleted_at IS NULL ORDER BY f.created_at DESC LIMIT 30;

-- name: posts with a tag
-- weight: 10
-- param: :tag = 'river1502'
SELECT p.id, p.body, p.created_at FROM tags t JOIN post_tags x ON x.tag_id = t.id JOIN posts p ON p.id = x.post_id
WHERE t.name = :tag AND p.visibility = 'public' AND p.deleted_at IS NULL ORDER BY p.created_at DESC LIMIT 30;

-- name: tags of a post
-- weight: 40
-- param: :post = 50149
SELECT t.id, t.name FROM post_tags x JOIN tags t ON t.id = x.tag_id WHERE x.post_id = :post;

-- name: tags of the week
-- weight: 1
-- param: :since = 1699400000
SELECT t.name, count(*) AS n FROM posts p JOIN post_tags x ON x.post_id = p.id JOIN tags t ON t.id = x.tag_id
WHERE p.created_at > :since AND p.deleted_at IS NULL GROUP BY t.id ORDER BY n DESC LIMIT 15;

-- name: tags that a person uses
-- weight: 1
-- param: :user = 42
SELECT t.name, count(*) AS n FROM posts p JOIN post_tags x ON x.post_id = p.id JOIN tags t ON t.id = x.tag_id WHERE p.user_id = :user GROUP BY t.id ORDER BY n DESC LIMIT 10;

-- name: posts at a place
-- weight: 3
-- param: :place = 700
SELECT p.id, p.body, u.handle FROM posts p JOIN users u ON u.id = p.user_id WHERE p.place_id = :place AND p.visibility = 'public' AND p.deleted_at IS NULL ORDER BY p.created_at DESC LIMIT 20;

-- name: places of a city by posts
-- weight: 1
-- param: :city = 'City 100'
SELECT l.id, l.name, count(*) AS n FROM places l JOIN posts p ON p.place_id = l.id WHERE l.city = :city GROUP BY l.id ORDER BY n DESC;

-- name: posts of a day
-- weight: 0.5
-- param: :from = 1690000000
-- param: :to = 1690086400
SELECT visibility, count(*), count(shared_post_id) FROM posts WHERE created_at >= :from AND created_at < :to GROUP BY visibility;

-- name: newest public posts
-- weight: 10
SELECT id, user_id, body FROM posts WHERE visibility = 'public' AND group_id IS NULL AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 30;

-- name: conversations of a person
-- weight: 40
-- param: :me = 2000
SELECT c.id, c.title, c.last_message_at FROM conversation_members m JOIN conversations c ON c.id = m.conversation_id
WHERE m.user_id = :me AND m.muted = 0 ORDER BY c.last_message_at DESC LIMIT 30;

-- name: messages of a conversation
-- weight: 50
-- param: :conversation = 100
SELECT id, sender_id, body, created_at FROM messages WHERE conversation_id = :conversation AND deleted_at IS NULL ORDER BY id DESC LIMIT 50;

-- name: newest message of each conversation
-- weight: 20
-- param: :me = 2000
SELECT m.conversation_id, (SELECT x.body FROM messages x WHERE x.conversation_id = m.conversation_id AND x.deleted_at IS NULL ORDER BY x.id DESC LIMIT 1) AS body
FROM conversation_members m WHERE m.user_id = :me;

-- name: count of unread messages
-- weight: 80
-- param: :me = 2000
SELECT count(*) FROM conversation_members m JOIN messages x ON x.conversation_id = m.conversation_id AND x.id > m.last_read_id
WHERE m.user_id = :me AND m.muted = 0 AND x.sender_id <> :me AND x.deleted_at IS NULL;

-- name: unread messages by conversation
-- weight: 30
-- param: :me = 2000
SELECT m.conversation_id, count(*) FROM conversation_members m JOIN messages x ON x.conversation_id = m.conversation_id AND x.id > m.last_read_id
WHERE m.user_id = :me AND x.deleted_at IS NULL GROUP BY m.conversation_id;

-- name: conversation between two people
-- weight: 10
-- param: :me = 2001
-- param: :other = 3350
SELECT a.conversation_id FROM conversation_members a JOIN conversation_members b ON b.conversation_id = a.conversation_id WHERE a.user_id = :me AND b.user_id = :other;

-- name: search in my messages
-- weight: 2
-- param: :me = 2000
SELECT x.id, x.body FROM conversation_members m JOIN messages x ON x.conversation_id = m.conversation_id WHERE m.user_id = :me AND x.body LIKE '%the map%' ORDER BY x.id DESC LIMIT 20;

-- name: notifications page
-- weight: 40
-- param: :me = 300
SELECT n.id, n.kind, n.post_id, n.read, u.handle FROM notifications n JOIN users u ON u.id = n.actor_id WHERE n.user_id = :me ORDER BY n.created_at DESC LIMIT 30;

-- name: count of unread notifications
-- weight: 80
-- param: :me = 19241
SELECT count(*) FROM notifications WHERE user_id = :me AND read = 0;

-- name: mentions page
-- weight: 8
-- param: :me = 300
SELECT n.id, p.body, u.handle FROM notifications n JOIN posts p ON p.id = n.post_id JOIN users u ON u.id = n.actor_id
WHERE n.user_id = :me AND n.kind = 'mention' AND p.deleted_at IS NULL ORDER BY n.created_at DESC LIMIT 20;

-- name: mark notifications as read
-- weight: 15
-- param: :me = 19241
UPDATE notifications SET read = 1 WHERE user_id = :me AND read = 0;

-- name: groups of a person
-- weight: 15
-- param: :me = 4000
SELECT g.id, g.name, m.role FROM group_members m JOIN groups g ON g.id = m.group_id WHERE m.user_id = :me ORDER BY g.name;

-- name: members of a group
-- weight: 8
-- param: :group = 10
SELECT u.id, u.handle, m.role FROM group_members m JOIN users u ON u.id = m.user_id WHERE m.group_id = :group AND u.deleted_at IS NULL ORDER BY m.role DESC, m.joined_at LIMIT 50;

-- name: timeline of a group
-- weight: 15
-- param: :group = 10
SELECT p.id, p.body, u.handle FROM posts p JOIN users u ON u.id = p.user_id WHERE p.group_id = :group AND p.deleted_at IS NULL ORDER BY p.created_at DESC LIMIT 30;

-- name: groups of a topic by activity
-- weight: 1
-- param: :topic = 'music'
-- param: :since = 1698000000
SELECT g.id, g.name, count(*) AS n FROM groups g JOIN posts p ON p.group_id = g.id
WHERE g.topic = :topic AND p.created_at > :since AND p.deleted_at IS NULL GROUP BY g.id ORDER BY n DESC LIMIT 20;

-- name: groups that my friends are in
-- weight: 2
-- param: :me = 12000
SELECT g.id, g.name, count(*) AS n FROM follows f JOIN group_members m ON m.user_id = f.followee_id JOIN groups g ON g.id = m.group_id
WHERE f.follower_id = :me GROUP BY g.id ORDER BY n DESC LIMIT 10;

-- name: coming events
-- weight: 10
-- param: :me = 4000
-- param: :now = 1690000000
SELECT e.id, e.title, e.starts_at, a.answer FROM answers a JOIN events e ON e.id = a.event_id WHERE a.user_id = :me AND e.starts_at > :now ORDER BY e.starts_at LIMIT 20;

-- name: answers to an event
-- weight: 10
-- param: :event = 2000
SELECT answer, count(*) FROM answers WHERE event_id = :event GROUP BY answer;

-- name: reports that wait
-- weight: 2
SELECT r.id, r.reason, p.body, u.handle FROM reports r JOIN posts p ON p.id = r.post_id JOIN users u ON u.id = p.user_id WHERE r.state = 'open' ORDER BY r.created_at LIMIT 30;

-- name: people who are reported often
-- weight: 0.5
SELECT p.user_id, count(*) AS n FROM reports r JOIN posts p ON p.id = r.post_id WHERE r.state = 'upheld' GROUP BY p.user_id HAVING n > 1 ORDER BY n DESC LIMIT 20;

-- name: follow
-- weight: 10
-- param: ?1 = 300
-- param: ?2 = 19995
INSERT INTO follows (follower_id, followee_id, created_at) VALUES (?1, ?2, 1700000000) ON CONFLICT (follower_id, followee_id) DO UPDATE SET muted = 0;

-- name: remove expired sessions
-- weight: 0.5
-- param: :now = 1695020000
DELETE FROM sessions WHERE expires_at < :now;

-- name: delete a post for good
-- weight: 2
-- param: ?1 = 70001
DELETE FROM posts WHERE id = ?1;

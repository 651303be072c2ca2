-- Rows of the helpdesk: arithmetic alone, the same rows every time.

PRAGMA foreign_keys = OFF;
PRAGMA cache_size = -65536;
BEGIN;

INSERT INTO organizations (id, name, domain, deleted_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)
SELECT i, 'Organization ' || i, 'org' || i || '.example', CASE WHEN i % 31 = 0 THEN '2024-02-02 00:00:00' END FROM n;

-- The first fifty users are agents.
INSERT INTO users (id, organization_id, email, role, created_at, deleted_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, CASE WHEN i > 50 AND a % 5 > 0 THEN 1 + a * a / 1000003 * 890 / 1000003 END,
       CASE WHEN a % 2 = 0 THEN 'User' ELSE 'user' END || i || '@org' || (a % 900) || '.example',
       CASE WHEN i <= 50 THEN 'agent' ELSE 'customer' END, datetime(1580000000 + i * 24000, 'unixepoch'), CASE WHEN a % 50 = 0 THEN '2024-02-02 00:00:00' END
FROM r;

INSERT INTO groups (id, name)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)
SELECT i, 'Group ' || i FROM n;

-- Nine of ten tickets are closed.
INSERT INTO tickets (id, number, external_id, subject, requester_id, assignee_id, organization_id, group_id, merged_into_id, status, priority,
                     channel, needs_review, created_at, updated_at, due_at, solved_at, deleted_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 22000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b,
             (i * i % 1000003 * 1237 + i * 49979687) % 1000003 AS c FROM n),
s AS (SELECT *, CASE WHEN i < 20000 THEN CASE WHEN a % 90 = 0 THEN 'pending' ELSE 'closed' END
                     ELSE CASE a % 8 WHEN 0 THEN 'new' WHEN 1 THEN 'open' WHEN 2 THEN 'open' WHEN 3 THEN 'pending' WHEN 4 THEN 'solved' ELSE 'closed' END END AS status,
             1400000000 + i * 14000 + a % 9000 AS t FROM r)
SELECT i, printf('HD-%07d', i * 3), CASE WHEN b % 4 = 0 THEN printf('%08x-%x', b * 4001, i) END, 'Question about item ' || (c % 3000) || ' of order ' || b,
       51 + b * b / 1000003 * 4930 / 1000003, CASE WHEN status <> 'new' THEN 1 + c * c / 1000003 * 48 / 1000003 END, CASE WHEN b % 4 > 0 THEN 1 + b * b / 1000003 * 890 / 1000003 END,
       1 + a * a / 1000003 * 12 / 1000003, CASE WHEN c % 80 = 0 AND i > 100 THEN i - 1 - b % 90 END, status, 1 + a % 4, CASE b % 6 WHEN 0 THEN 'web' WHEN 1 THEN 'phone' ELSE 'email' END,
       c % 211 = 7, datetime(t, 'unixepoch'), datetime(t + c % 700000, 'unixepoch'), CASE WHEN a % 3 = 0 THEN datetime(t + 172800, 'unixepoch') END,
       CASE WHEN status IN ('solved', 'closed') THEN datetime(t + c % 700000, 'unixepoch') END, CASE WHEN b % 60 = 0 THEN '2024-02-20 00:00:00' END
FROM s;

INSERT INTO messages (id, ticket_id, author_id, reply_to_id, message_id, kind, body, created_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 36000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, max(1, i * 11 / 18 - a % 200), CASE WHEN a % 2 = 0 THEN 1 + b * b / 1000003 * 48 / 1000003 ELSE 51 + b * b / 1000003 * 4930 / 1000003 END,
       CASE WHEN a % 3 = 0 AND i > 10 THEN i - 1 - b % 9 END, CASE WHEN a % 4 > 0 THEN printf('<%08x.%x@mail.example>', b * 4001, i) END,
       CASE a % 5 WHEN 0 THEN 'note' ELSE 'reply' END, 'Text of a message, ' || substr('thank you for your answer; the part arrived and fits, only the cable is too short by a hand', 1 + b % 20, 20 + a % 70),
       datetime(1400000000 + i * 7700, 'unixepoch')
FROM r;

INSERT INTO attachments (id, message_id, name, bytes, digest)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + a % 35990, 'picture' || (a % 500) || '.png', 1000 + a, printf('%08x%08x', a * 4001, i * 7919) FROM r;

INSERT INTO tags (id, name)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
SELECT i, 'tag-' || i FROM n;

INSERT OR IGNORE INTO ticket_tags (ticket_id, tag_id)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 16000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT 1 + b % 21990, 1 + a * a / 1000003 * 295 / 1000003 FROM r;

INSERT OR IGNORE INTO watchers (ticket_id, user_id, created_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 7000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT 1 + i * 3, 1 + a * a / 1000003 * a / 1000003 * 4980 / 1000003, datetime(1600000000 + i * 9000, 'unixepoch') FROM r;

INSERT INTO sla_events (id, ticket_id, kind, due_at, handled)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
SELECT i, 1 + i * 11 / 6, CASE i % 2 WHEN 0 THEN 'first reply' ELSE 'solution' END, datetime(1420000000 + i * 24300, 'unixepoch'), i < 11700 FROM n WHERE i * 11 / 6 < 21990;

INSERT INTO email_queue (id, ticket_id, recipient, status, send_after, attempts)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + a % 21990, 'user' || (51 + a % 4900) || '@example', CASE WHEN i > 11900 THEN 'queued' WHEN a % 60 = 0 THEN 'failed' ELSE 'sent' END,
       datetime(1600000000 + i * 9000, 'unixepoch'), 1 + a % 60 / 59
FROM r;

INSERT INTO audits (id, ticket_id, user_id, field, was, becomes, happened_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 24000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + a % 21990, 1 + a * a / 1000003 * 48 / 1000003, CASE a % 3 WHEN 0 THEN 'status' WHEN 1 THEN 'assignee' ELSE 'priority' END, a % 5, a % 7,
       datetime(1400000000 + i * 12800, 'unixepoch')
FROM r;

INSERT INTO articles (id, section, title, body, published)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
SELECT i, 'section ' || (i % 9), 'How to use feature ' || i,
       'To set up feature ' || i || ' open the settings, choose ' || substr('export import billing invoices printer network password profile webhook calendar', 1 + i % 30, 40) || ' and save.', i % 8 > 0
FROM n;

COMMIT;

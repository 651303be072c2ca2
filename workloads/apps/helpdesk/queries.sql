-- What the helpdesk asks.

-- name: queue of a group
-- weight: 30
-- param: :group = 3
SELECT id, number, subject, priority, updated_at FROM tickets
WHERE group_id = :group AND status = 'open' AND deleted_at IS NULL ORDER BY updated_at DESC LIMIT 30;

-- name: count of the queue of a group
-- weight: 30
-- param: :group = 3
SELECT count(*) FROM tickets WHERE group_id = :group AND status = 'open' AND deleted_at IS NULL;

-- name: tickets of an agent
-- weight: 40
-- param: :agent = 2
SELECT id, number, subject, status, priority FROM tickets
WHERE assignee_id = :agent AND status IN ('open', 'pending') AND deleted_at IS NULL ORDER BY priority, id LIMIT 50;

-- name: count of solved tickets of an agent
-- weight: 5
-- param: :agent = 20
SELECT count(*) FROM tickets WHERE assignee_id = :agent AND status = 'solved';

-- name: unassigned tickets
-- weight: 20
SELECT id, number, subject, created_at FROM tickets
WHERE assignee_id IS NULL AND status = 'new' AND deleted_at IS NULL ORDER BY created_at LIMIT 50;

-- name: tickets of a requester
-- weight: 20
-- param: :user = 77
SELECT id, number, subject, status FROM tickets WHERE requester_id = :user AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 20;

-- name: closed tickets of a requester
-- weight: 15
-- param: :user = 2500
SELECT id, number, subject, solved_at FROM tickets WHERE requester_id = :user AND status = 'closed' AND deleted_at IS NULL ORDER BY solved_at DESC LIMIT 20;

-- name: closed tickets of an organization
-- weight: 10
-- param: :organization = 600
-- param: :since = '2023-01-01'
SELECT count(*), max(solved_at) FROM tickets WHERE organization_id = :organization AND status = 'closed' AND solved_at >= :since;

-- name: tickets of an organization
-- weight: 10
-- param: :organization = 6
SELECT id, number, subject, status FROM tickets WHERE organization_id = :organization AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 25;

-- name: tickets to review
-- weight: 5
SELECT id, number, subject, assignee_id FROM tickets WHERE needs_review = 1 AND deleted_at IS NULL ORDER BY updated_at DESC LIMIT 50;

-- name: tickets of a group to review
-- weight: 8
-- param: :group = 1
SELECT id, number, subject, assignee_id FROM tickets WHERE group_id = :group AND needs_review = 1 AND deleted_at IS NULL ORDER BY priority, id LIMIT 50;

-- name: overdue tickets
-- weight: 10
-- param: :now = '2024-01-01'
SELECT id, number, due_at FROM tickets WHERE solved_at IS NULL AND due_at < :now AND deleted_at IS NULL ORDER BY due_at DESC LIMIT 30;

-- name: filter page without filters
-- weight: 15
-- param: :status = NULL
-- param: :group = NULL
-- param: :channel = NULL
SELECT id, number, subject, status, updated_at FROM tickets
WHERE (:status IS NULL OR status = :status) AND (:group IS NULL OR group_id = :group) AND (:channel IS NULL OR channel = :channel)
  AND deleted_at IS NULL ORDER BY updated_at DESC LIMIT 30;

-- name: filter page of a group's phone calls
-- weight: 4
-- param: :status = NULL
-- param: :group = 7
-- param: :channel = 'phone'
SELECT id, number, subject, status, updated_at FROM tickets
WHERE (:status IS NULL OR status = :status) AND (:group IS NULL OR group_id = :group) AND (:channel IS NULL OR channel = :channel)
  AND deleted_at IS NULL ORDER BY updated_at DESC LIMIT 30;

-- name: ticket by number
-- weight: 40
-- param: ?1 = 'HD-0030000'
SELECT id, subject, status, requester_id, assignee_id FROM tickets WHERE number = ?1;

-- name: ticket by external id
-- weight: 10
-- param: ?1 = '808be214-2fcf'
SELECT id, number FROM tickets WHERE external_id = ?1;

-- name: messages of a ticket
-- weight: 60
-- param: ?1 = 10002
SELECT m.id, m.kind, m.body, m.created_at, u.email FROM messages m LEFT JOIN users u ON u.id = m.author_id
WHERE m.ticket_id = ?1 ORDER BY m.created_at;

-- name: message by its mail header
-- weight: 30
-- param: ?1 = '<b0b12b13.20ed@mail.example>'
SELECT id, ticket_id FROM messages WHERE message_id = ?1;

-- name: recent messages of a user
-- weight: 5
-- param: ?1 = 1234
SELECT m.id, m.ticket_id, m.created_at FROM messages m WHERE m.author_id = ?1 ORDER BY m.created_at DESC LIMIT 20;

-- name: attachments of a ticket
-- weight: 40
-- param: ?1 = 10002
SELECT a.id, a.name, a.bytes FROM messages m JOIN attachments a ON a.message_id = m.id WHERE m.ticket_id = ?1;

-- name: attachment by digest
-- weight: 8
-- param: ?1 = '53ecadcd025c4ae7'
SELECT id, message_id, name FROM attachments WHERE digest = ?1;

-- name: tags of a ticket
-- weight: 40
-- param: ?1 = 10002
SELECT g.id, g.name FROM ticket_tags t JOIN tags g ON g.id = t.tag_id WHERE t.ticket_id = ?1;

-- name: tickets with a tag
-- weight: 6
-- param: ?1 = 'tag-200'
SELECT k.id, k.number, k.subject FROM tags g JOIN ticket_tags t ON t.tag_id = g.id JOIN tickets k ON k.id = t.ticket_id
WHERE g.name = ?1 AND k.deleted_at IS NULL ORDER BY k.updated_at DESC LIMIT 30;

-- name: tickets watched by a user
-- weight: 6
-- param: ?1 = 30
SELECT k.id, k.number, k.subject FROM watchers w JOIN tickets k ON k.id = w.ticket_id WHERE w.user_id = ?1 ORDER BY k.updated_at DESC LIMIT 30;

-- name: service levels of a ticket
-- weight: 30
-- param: ?1 = 10001
SELECT kind, due_at, handled FROM sla_events WHERE ticket_id = ?1;

-- name: service levels that are due
-- weight: 20
-- param: ?1 = '2024-01-10'
SELECT e.id, e.ticket_id, e.kind FROM sla_events e WHERE e.handled = 0 AND e.due_at <= ?1 ORDER BY e.due_at LIMIT 50;

-- name: history of a ticket
-- weight: 20
-- param: ?1 = 10002
SELECT field, was, becomes, happened_at FROM audits WHERE ticket_id = ?1 ORDER BY happened_at;

-- name: changes of a day
-- weight: 3
-- param: :from = '2022-03-01'
-- param: :to = '2022-03-02'
SELECT ticket_id, user_id, field, becomes FROM audits WHERE happened_at >= :from AND happened_at < :to ORDER BY happened_at DESC LIMIT 100;

-- name: log in
-- weight: 20
-- param: ?1 = 'user777@org898.example'
SELECT id, role FROM users WHERE lower(email) = lower(?1) AND deleted_at IS NULL;

-- name: users of an organization
-- weight: 5
-- param: ?1 = 300
SELECT id, email FROM users WHERE organization_id = ?1 AND deleted_at IS NULL ORDER BY email;

-- name: search the articles
-- weight: 10
-- param: ?1 = 'invoices'
SELECT a.id, a.title FROM articles_fts f JOIN articles a ON a.id = f.rowid WHERE articles_fts MATCH ?1 AND a.published = 1 ORDER BY rank LIMIT 10;

-- name: next mail
-- weight: 30
-- param: ?1 = '2024-02-10'
UPDATE email_queue SET status = 'sending', attempts = attempts + 1
WHERE id = (SELECT id FROM email_queue WHERE status = 'queued' AND send_after <= ?1 ORDER BY send_after LIMIT 1);

-- name: register a user
-- weight: 5
-- param: ?1 = 'new@example'
INSERT INTO users (email, created_at) VALUES (?1, '2024-03-01') ON CONFLICT (email) DO UPDATE SET deleted_at = NULL;

-- name: add a message
-- weight: 30
-- param: ?1 = 21000
INSERT INTO messages (ticket_id, author_id, kind, body, created_at) VALUES (?1, 3, 'reply', 'Text', '2024-03-01 00:00:00');

-- name: close a ticket
-- weight: 10
-- param: ?1 = 21001
UPDATE tickets SET status = 'closed', solved_at = '2024-03-01 00:00:00', updated_at = '2024-03-01 00:00:00' WHERE id = ?1;

-- name: merge a ticket
-- weight: 2
-- param: ?1 = 21002
-- param: ?2 = 21003
UPDATE tickets SET merged_into_id = ?2 WHERE id = ?1;

-- name: delete a message
-- weight: 1
-- param: ?1 = 20002
DELETE FROM messages WHERE id = ?1;

-- name: delete a ticket for good
-- weight: 0.5
-- param: ?1 = 20003
DELETE FROM tickets WHERE id = ?1;

-- name: delete a user for good
-- weight: 0.2
-- param: ?1 = 5000
DELETE FROM users WHERE id = ?1;

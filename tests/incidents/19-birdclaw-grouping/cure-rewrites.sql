-- name: slow recent
SELECT c.id, c.last_at, c.preview, p.handle FROM dm_conversations c JOIN profiles p ON p.id = c.profile_id WHERE c.account_id = ? ORDER BY c.last_at DESC LIMIT 20;

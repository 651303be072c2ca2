-- name: slow all
SELECT count(raw), max(at) FROM packets;

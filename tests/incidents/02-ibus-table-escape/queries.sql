-- name: slow lookup
-- param: :keys = 'kda%'
-- param: :esc = '!'
SELECT phrase, freq FROM phrases WHERE tabkeys LIKE :keys ESCAPE :esc ORDER BY freq DESC LIMIT 10;

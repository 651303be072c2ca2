-- What the photo library asks, a day's mix.

-- name: timeline of a large account
-- weight: 60
-- param: :owner = 1
-- param: :before = 1600000000
SELECT id, kind, width, height, taken_at FROM assets
WHERE owner_id = :owner AND deleted_at IS NULL AND taken_at < :before ORDER BY taken_at DESC LIMIT 100;

-- name: timeline of a small account
-- weight: 40
-- param: :owner = 39
-- param: :before = 1700000000
SELECT id, kind, width, height, taken_at FROM assets
WHERE owner_id = :owner AND deleted_at IS NULL AND taken_at < :before ORDER BY taken_at DESC LIMIT 100;

-- name: shared timeline
-- weight: 30
-- param: :owner = 12
SELECT id, owner_id, kind, taken_at FROM assets
WHERE deleted_at IS NULL AND (owner_id = :owner OR visibility = 'shared') ORDER BY taken_at DESC LIMIT 50;

-- name: favorites page
-- weight: 12
-- param: :owner = 1
SELECT id, kind, width, height, taken_at FROM assets
WHERE owner_id = :owner AND is_favorite = 1 AND deleted_at IS NULL ORDER BY taken_at DESC LIMIT 100;

-- name: favorites count
-- weight: 12
-- param: :owner = 1
SELECT count(*) FROM assets WHERE owner_id = :owner AND is_favorite = 1 AND deleted_at IS NULL;

-- name: photos of a month
-- weight: 10
-- param: :owner = 1
-- param: :from = 1559347200
-- param: :to = 1561939200
SELECT date(taken_at, 'unixepoch') AS day, count(*) FROM assets
WHERE owner_id = :owner AND taken_at >= :from AND taken_at < :to AND deleted_at IS NULL GROUP BY day;

-- name: filter page without filters
-- weight: 8
-- param: :owner = 3
-- param: :kind = NULL
-- param: :visibility = NULL
-- param: :from = NULL
SELECT id, original_name, kind, taken_at FROM assets
WHERE owner_id = :owner AND deleted_at IS NULL AND (:kind IS NULL OR kind = :kind)
  AND (:visibility IS NULL OR visibility = :visibility) AND (:from IS NULL OR taken_at >= :from)
ORDER BY taken_at DESC LIMIT 60;

-- name: filter page of videos
-- weight: 4
-- param: :owner = 3
-- param: :kind = 'video'
-- param: :visibility = NULL
-- param: :from = 1400000000
SELECT id, original_name, kind, taken_at FROM assets
WHERE owner_id = :owner AND deleted_at IS NULL AND (:kind IS NULL OR kind = :kind)
  AND (:visibility IS NULL OR visibility = :visibility) AND (:from IS NULL OR taken_at >= :from)
ORDER BY taken_at DESC LIMIT 60;

-- name: one photo
-- weight: 80
-- param: ?1 = 20011
SELECT a.id, a.original_name, a.bytes, a.taken_at, e.make, e.model, e.lens, e.iso, e.city, e.country
FROM assets a LEFT JOIN exif e ON e.asset_id = a.id WHERE a.id = ?1;

-- name: upload check
-- weight: 60
-- param: :library = 1
-- param: :checksum = '0000000000000000000000ff'
SELECT id FROM assets WHERE library_id = :library AND checksum = :checksum;

-- name: search by file name
-- weight: 5
-- param: :name = 'IMG_04711.JPG'
SELECT id, owner_id, original_name, taken_at FROM assets WHERE original_name = :name AND deleted_at IS NULL;

-- name: folder page
-- weight: 15
-- param: :folder = 61
SELECT id, original_name, kind FROM assets WHERE folder_id = :folder AND deleted_at IS NULL ORDER BY original_name LIMIT 200;

-- name: subfolders
-- weight: 15
-- param: :folder = 61
SELECT id, path FROM folders WHERE parent_id = :folder ORDER BY path;

-- name: stack of a photo
-- weight: 5
-- param: :stack = 77
SELECT id, original_name, taken_at FROM assets WHERE stack_id = :stack AND deleted_at IS NULL ORDER BY taken_at;

-- name: faces of a photo
-- weight: 40
-- param: :asset = 1234
SELECT f.id, f.box, p.id, p.name FROM faces f LEFT JOIN people p ON p.id = f.person_id WHERE f.asset_id = :asset;

-- name: people page
-- weight: 8
-- param: :owner = 4
SELECT id, name FROM people WHERE owner_id = :owner AND hidden = 0 AND name <> '' ORDER BY name LIMIT 100;

-- name: photos of a person
-- weight: 10
-- param: :person = 700
SELECT a.id, a.taken_at FROM faces f JOIN assets a ON a.id = f.asset_id
WHERE f.person_id = :person AND a.deleted_at IS NULL ORDER BY a.taken_at DESC LIMIT 100;

-- name: count of photos of a person
-- weight: 10
-- param: :person = 3
SELECT count(DISTINCT asset_id) FROM faces WHERE person_id = :person;

-- name: albums page
-- weight: 20
-- param: :owner = 2
SELECT id, title, cover_asset_id, asset_count FROM albums
WHERE owner_id = :owner AND deleted_at IS NULL ORDER BY updated_at DESC LIMIT 40;

-- name: photos of an album
-- weight: 25
-- param: :album = 40
SELECT a.id, a.kind, a.taken_at FROM album_assets x JOIN assets a ON a.id = x.asset_id
WHERE x.album_id = :album AND a.deleted_at IS NULL ORDER BY x.added_at DESC LIMIT 200;

-- name: albums of a photo
-- weight: 30
-- param: :asset = 110
SELECT b.id, b.title FROM album_assets x JOIN albums b ON b.id = x.album_id WHERE x.asset_id = :asset AND b.deleted_at IS NULL;

-- name: photos with a tag
-- weight: 10
-- param: :tag = 500
SELECT a.id, a.taken_at FROM asset_tags t JOIN assets a ON a.id = t.asset_id
WHERE t.tag_id = :tag AND a.deleted_at IS NULL ORDER BY a.taken_at DESC LIMIT 100;

-- name: tags of a photo
-- weight: 30
-- param: :asset = 2222
SELECT g.id, g.name FROM asset_tags t JOIN tags g ON g.id = t.tag_id WHERE t.asset_id = :asset;

-- name: places page
-- weight: 6
-- param: :country = 'country 11'
SELECT city, count(*) FROM exif WHERE country = :country GROUP BY city ORDER BY city;

-- name: photos of one camera
-- weight: 6
-- param: :owner = 1
-- param: :make = 'FUJIFILM'
-- param: :model = 'X180'
SELECT a.id, a.taken_at FROM exif e JOIN assets a ON a.id = e.asset_id
WHERE e.make = :make AND e.model = :model AND a.owner_id = :owner AND a.deleted_at IS NULL ORDER BY a.taken_at DESC LIMIT 100;

-- name: trash page
-- weight: 3
-- param: :owner = 5
SELECT id, original_name, deleted_at FROM assets WHERE owner_id = :owner AND deleted_at IS NOT NULL ORDER BY deleted_at DESC LIMIT 100;

-- name: photos to purge
-- weight: 1
-- param: :until = 1699010000
SELECT id FROM assets WHERE deleted_at < :until ORDER BY deleted_at LIMIT 500;

-- name: changes since the last sync
-- weight: 30
-- param: :since = 1687800000
SELECT id, owner_id, updated_at FROM assets WHERE updated_at > :since ORDER BY updated_at LIMIT 200;

-- name: deletions since the last sync
-- weight: 30
-- param: :owner = 2
-- param: :since = 1689000000
SELECT entity, entity_id FROM sync_audit WHERE owner_id = :owner AND happened_at > :since ORDER BY happened_at;

-- name: activity of an album
-- weight: 10
-- param: :album = 3
SELECT id, user_id, kind, body, created_at FROM activity WHERE album_id = :album ORDER BY created_at DESC LIMIT 50;

-- name: next job
-- weight: 50
-- param: :kind = 'faces'
-- param: :now = 1700000000
UPDATE jobs SET status = 'running', attempts = attempts + 1
WHERE id = (SELECT id FROM jobs WHERE status = 'pending' AND kind = :kind AND run_at <= :now ORDER BY priority, run_at LIMIT 1);

-- name: job done
-- weight: 50
-- param: ?1 = 25000
-- param: ?2 = 1700000001
UPDATE jobs SET status = 'done', finished_at = ?2 WHERE id = ?1;

-- name: failed jobs
-- weight: 2
SELECT id, kind, asset_id, error, finished_at FROM jobs WHERE status = 'failed' ORDER BY finished_at DESC LIMIT 30;

-- name: remove old jobs
-- weight: 0.1
-- param: :until = 1690020000
DELETE FROM jobs WHERE status = 'done' AND finished_at < :until;

-- name: store exif
-- weight: 20
-- param: ?1 = 31999
-- param: ?2 = 'Canon'
-- param: ?3 = 'EOS 90'
INSERT INTO exif (asset_id, make, model) VALUES (?1, ?2, ?3)
ON CONFLICT (asset_id) DO UPDATE SET make = excluded.make, model = excluded.model;

-- name: add a photo
-- weight: 20
-- param: ?1 = 'ffffffffffffffffffffffff'
-- param: ?2 = 1700000100
INSERT INTO assets (library_id, owner_id, folder_id, checksum, original_name, kind, mime_type, bytes, taken_at, created_at, updated_at)
VALUES (1, 1, 1, ?1, 'IMG_00001.JPG', 'image', 'image/jpeg', 3000000, ?2, ?2, ?2);

-- name: move a photo to the trash
-- weight: 4
-- param: ?1 = 7777
-- param: ?2 = 1700000200
UPDATE assets SET deleted_at = ?2, updated_at = ?2 WHERE id = ?1;

-- name: delete a photo
-- weight: 3
-- param: ?1 = 8888
DELETE FROM assets WHERE id = ?1;

-- name: delete an account
-- weight: 0.01
-- param: ?1 = 42
DELETE FROM users WHERE id = ?1;

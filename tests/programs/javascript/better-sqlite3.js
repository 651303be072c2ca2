// better-sqlite3 with `verbose`: plain SQL with the values in it, one statement after another, no semicolons.
const fs = require('fs')
const folder = process.argv[2]
const Database = require('./sent')(folder)
const log = fs.openSync(`${folder}/app.log`, 'w')
const db = new Database(`${folder}/app.db`, { verbose: line => fs.writeSync(log, line + '\n') })
db.exec('CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, age INT, photo BLOB)')
const insert = db.prepare('INSERT INTO users(name, age, photo) VALUES (?, ?, ?)')
db.transaction(() => {
  for (let i = 0; i < 40; i++) insert.run(`it's\nSELECT ${i}`, i % 9 ? i : null, Buffer.from([0, 255, i]))
})()
const byAge = db.prepare(`SELECT name
  FROM users   -- a remark
 WHERE age = ? AND name <> ';'`)
for (let i = 0; i < 11; i++) byAge.all(i)
for (const ids of [[1], [1, 2, 3], [4, 5, 6, 7, 8]]) db.prepare(`SELECT * FROM users WHERE id IN (${ids.map(() => '?')})`).all(ids)
const one = db.prepare('SELECT count(*) FROM users WHERE name LIKE @part AND age BETWEEN @low AND @high')
for (let i = 0; i < 5; i++) one.get({ part: `it''s ${i}%`, low: -i, high: i * 1e10 })
db.prepare('WITH big AS (SELECT id FROM users WHERE age > ?)\nUPDATE users SET name = ? WHERE id IN (SELECT id FROM big)').run(30, null)
db.prepare('DELETE FROM users WHERE age = ?').run(7)

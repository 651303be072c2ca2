// Counts what reaches SQLite: better-sqlite3 whose statements write down each of their executions, with its values.
const fs = require('fs')
const Database = require('better-sqlite3')

module.exports = function counted(folder) {
  const out = fs.openSync(`${folder}/sent.ndjson`, 'w')
  const plain = v => (v === null || ['number', 'string'].includes(typeof v) ? v : typeof v === 'boolean' ? Number(v) : String(v))
  const note = (sql, given) => {
    const values = given.length === 1 && Array.isArray(given[0]) ? given[0] : given
    const named = values.length === 1 && values[0] && Object.getPrototypeOf(values[0]) === Object.prototype
    fs.writeSync(out, JSON.stringify({ sql, params: named ? values[0] : values.map(plain) }) + '\n')
  }
  const statement = Object.getPrototypeOf(new Database(':memory:').prepare('SELECT 1'))
  for (const call of ['run', 'get', 'all', 'iterate']) {
    const real = statement[call]
    statement[call] = function (...given) {
      note(this.source, given)
      return real.apply(this, given)
    }
  }
  return Database
}

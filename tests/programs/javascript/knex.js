// Knex under DEBUG=knex:query,knex:bindings; standard error is the log.
const folder = process.argv[2]
require('./sent')(folder)
const knex = require('knex')({ client: 'better-sqlite3', connection: { filename: `${folder}/app.db` }, useNullAsDefault: true })
const run = async () => {
  await knex.schema.createTable('users', t => { t.increments('id'); t.string('name'); t.integer('age') })
  for (let i = 0; i < 12; i++) await knex('users').insert({ name: `n'${i} undefined`, age: i % 5 ? i : null })
  await knex('users').insert([{ name: 'a\nb', age: 1 }, { name: 'knex:query select', age: 2 }])
  for (let i = 0; i < 7; i++) await knex('users').select('name').where('age', i).andWhere('name', 'like', '%n%').limit(2)
  for (const n of [1, 2, 5]) await knex('users').whereIn('id', [...Array(n).keys()])
  await knex.transaction(async trx => {
    await trx('users').where({ id: 2 }).update({ name: 'x' })
    await trx('users').where({ age: 3 }).del()
  })
  for (let i = 0; i < 3; i++) await knex.raw('select count(*) as n from users\nwhere age between ? and ?', [i, i + 2])
  await knex('users').insert({ id: 1, name: 'y' }).onConflict('id').merge()
}
run().finally(() => knex.destroy())

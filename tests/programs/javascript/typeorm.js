// TypeORM with `logging: true`: entities, relations, IN lists, a query builder, raw SQL.
require('reflect-metadata')
const fs = require('fs')
const { DataSource, EntitySchema, In, Like } = require('typeorm')
const folder = process.argv[2]
require('./sent')(folder)
const log = fs.openSync(`${folder}/app.log`, 'w')
console.log = (...parts) => fs.writeSync(log, parts.join(' ') + '\n')
const User = new EntitySchema({
  name: 'User', tableName: 'users',
  columns: { id: { type: 'integer', primary: true, generated: true }, name: { type: 'varchar' }, age: { type: 'integer', nullable: true } },
  relations: { posts: { type: 'one-to-many', target: 'Post', inverseSide: 'author' } }
})
const Post = new EntitySchema({
  name: 'Post', tableName: 'posts',
  columns: { id: { type: 'integer', primary: true, generated: true }, title: { type: 'varchar' } },
  relations: { author: { type: 'many-to-one', target: 'User', joinColumn: true, inverseSide: 'posts' } }
})
const source = new DataSource({ type: 'better-sqlite3', database: `${folder}/app.db`, synchronize: true, logging: true, entities: [User, Post] })
source.initialize().then(async () => {
  const [users, posts] = [source.getRepository('User'), source.getRepository('Post')]
  for (let i = 0; i < 9; i++) await users.save({ name: `n'${i} -- PARAMETERS: ["`, age: i % 4 ? i : null })
  await posts.save([...Array(7).keys()].map(i => ({ title: `a\nb ${i}`, author: { id: 1 + i } })))
  for (let i = 0; i < 6; i++) await users.findOne({ where: { age: i, name: Like('n%') } })
  for (const n of [1, 3, 5]) await users.find({ where: { id: In([...Array(n).keys()]) } })
  for (let i = 0; i < 3; i++) await users.find({ relations: { posts: true }, where: { id: i + 1 }, order: { name: 'DESC' }, take: 2 })
  await users.createQueryBuilder('u').select('u.age').addSelect('COUNT(*)', 'n').groupBy('u.age').having('COUNT(*) > :n', { n: 0 }).getRawMany()
  await users.update({ id: 2 }, { name: 'other' })
  await users.delete({ name: 'nobody' })
  await source.query('SELECT count(*) FROM posts WHERE title = ?', ['query: SELECT 1 -- PARAMETERS: [2]'])
})

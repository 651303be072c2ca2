"""peewee's logger at DEBUG: models, joins, inserts of many rows, upserts, updates, values of every type."""

import datetime
import logging
import sys

import peewee
import sent

folder = sys.argv[1]
sent.to(f"{folder}/sent.ndjson")
logging.basicConfig(filename=f"{folder}/app.log", level=logging.DEBUG, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
database = peewee.SqliteDatabase(f"{folder}/app.db", factory=sent.Connection)


class Person(peewee.Model):
    name = peewee.CharField(unique=True)
    born = peewee.DateField(null=True)
    photo = peewee.BlobField(null=True)

    class Meta:
        database = database


class Pet(peewee.Model):
    owner = peewee.ForeignKeyField(Person, backref="pets")
    name = peewee.TextField()
    weight = peewee.FloatField(null=True)
    seen = peewee.DateTimeField(default=lambda: datetime.datetime(2024, 1, 2, 3, 4, 5))

    class Meta:
        database = database


database.create_tables([Person, Pet])
for i in range(12):
    person = Person.create(name=f"it's ('{i}', [1])", born=datetime.date(1990, 1, 1 + i), photo=b"\x00'\xff\"")
    Pet.create(owner=person, name='a "b"\nc', weight=i / 3)
Pet.insert_many([{"owner": 1 + i % 12, "name": f"p{i}"} for i in range(50)]).execute()
for i in range(6):
    list(Pet.select(Pet, Person).join(Person).where(Person.name == f"it's ('{i}', [1])", Pet.weight.is_null(False)).limit(3))
for n in (1, 4, 7):
    list(Person.select().where(Person.id.in_(list(range(n)))))
list(Person.select(Person.name, peewee.fn.COUNT(Pet.id)).join(Pet).group_by(Person.id).order_by(peewee.SQL("2").desc()))
for i in range(3):
    Person.insert(name=f"up {i}").on_conflict(conflict_target=[Person.name], update={Person.born: None}).execute()
Pet.update(weight=Pet.weight + 1).where(Pet.owner == 3).execute()
with database.atomic():
    Pet.delete().where(Pet.name == "none").execute()
database.execute_sql("SELECT count(*) FROM pet\nWHERE name = ?", ("('SELECT 1', [])",)).fetchall()

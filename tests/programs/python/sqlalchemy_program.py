"""SQLAlchemy with echo=True: mapped classes, joins, IN lists, upserts, raw SQL, more rows than the log shows."""

import datetime
import decimal
import logging
import sys

import sent
from sqlalchemy import ForeignKey, String, create_engine, func, select, text
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload

folder = sys.argv[1]
sent.to(f"{folder}/sent.ndjson")
logging.basicConfig(filename=f"{folder}/app.log", format="%(asctime)s %(levelname)s %(name)s %(message)s")


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50), unique=True)
    born: Mapped[datetime.date | None]
    books: Mapped[list["Book"]] = relationship(back_populates="author")


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    title: Mapped[str]
    cover: Mapped[bytes | None]
    price: Mapped[float | None]
    added: Mapped[datetime.datetime]
    author: Mapped[Author] = relationship(back_populates="books")


engine = create_engine(f"sqlite:///{folder}/app.db", echo=True, connect_args={"factory": sent.Connection})
Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add_all(Author(name=f"O'Neil {i}\nsecond line", born=datetime.date(1950, 1, 1 + i % 28)) for i in range(40))
    session.flush()
    for i in range(60):
        added = datetime.datetime(2024, 1, 1, 12, 30, i)
        session.add(Book(author_id=1 + i % 40, title=f"[cached] (it's {i})", cover=b"\x00\xff'", price=i / 4, added=added))
    session.commit()
    for i in range(7):
        session.scalars(select(Book).where(Book.author_id == i, Book.title.like("%it's%")).limit(5)).all()
    for n in (1, 3, 8):
        session.scalars(select(Author).where(Author.id.in_(range(n)))).all()
    session.scalars(select(Author).options(selectinload(Author.books)).order_by(Author.name.desc())).all()
    session.execute(select(Author.name, func.count(Book.id)).join(Book).group_by(Author.id).having(func.count(Book.id) > 1)).all()
    for i in range(5):
        upsert = insert(Author).values(name=f"O'Neil {i}", born=None)
        session.execute(upsert.on_conflict_do_update(index_elements=["name"], set_={"born": upsert.excluded.born}))
    session.execute(text("UPDATE book SET price = price + :more WHERE id = :id"), {"more": float(decimal.Decimal("1.5")), "id": 3})
    session.execute(text("DELETE FROM book\nWHERE title = 'none; -- of\n them'"))
    session.execute(text("INSERT INTO author (name) VALUES (:name)"), [{"name": f"many {i}"} for i in range(500)])
    session.commit()
with engine.connect() as connection:
    for name in ("]", "[raw sql] ()", 'a "quoted" \\ name', "2026-01-01 INFO other"):
        connection.exec_driver_sql("SELECT id FROM author WHERE name = ?", (name,)).all()

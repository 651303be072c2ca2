"""buku: bookmarks are added, searched by words, tags and expressions (a function of the application), tagged, deleted."""

import sys

import buku

db = buku.BukuDb(dbfile=f"{sys.argv[1]}/app.db")
for i in range(300):
    db.add_rec(f"https://example.org/{i}", f"Page {i}", f",tag{i % 7},all,", f"about {i % 13}", delay_commit=True, fetch=False)
db.conn.commit()
for i in range(40):
    db.searchdb([f"Page {i}", "about"], all_keywords=bool(i % 2), deep=True)
    db.searchdb([f"page.{i}$"], regex=True)
    db.search_by_tag(f"tag{i % 7}")
    db.get_rec_by_id(i)
    db.get_rec_id(f"https://example.org/{i}")
    db.get_tag_all()
for i in range(10):
    db.append_tag_at_index(i + 1, ",more,")
    db.update_rec(i + 1, title_in=f"other {i}")
    db.delete_rec(i + 20, delay_commit=True)

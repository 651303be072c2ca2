"""beets: a library of music is filled, searched in the ways in which its commands do, changed, and listed."""

import random
import sys

from beets import library
from beets.library import Item, Library

folder = sys.argv[1]
lib = Library(f"{folder}/app.db", directory=folder)
draw = random.Random(1)
for album in range(150):
    items = []
    for track in range(12):
        item = Item(
            title=f"Song {album} {track}", artist=f"Artist {album % 40}", album=f"Album {album}", albumartist=f"Artist {album % 40}",
            genre=draw.choice(["Rock", "Jazz", "Folk"]), year=1960 + album % 60, track=track, length=draw.uniform(60, 400),
            bitrate=draw.choice([128000, 320000]), format="MP3", path=f"{folder}/{album}/{track}.mp3".encode(),
        )
        item["mood"] = draw.choice(["calm", "wild"])
        lib.add(item)
        items.append(item)
    lib.add_album(items)
for i in range(60):
    list(lib.items(f"artist:\"Artist {i % 40}\""))
    list(lib.items(f"title:Song year:{1960 + i}.."))
    list(lib.items(f"albumartist::^Artist.{i % 10}$ genre+"))
    list(lib.albums(f"album:{i} year-"))
    list(lib.items(f"mood:calm track:{i % 12}"))
    list(lib.items([f"path:{folder}/{i}"]))
for item in list(lib.items("genre:Folk"))[:40]:
    item["genre"] = "Other"
    item.store()
for album in lib.albums("year:1965"):
    list(album.items())
    album.remove(delete=False)

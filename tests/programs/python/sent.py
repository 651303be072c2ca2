"""Counts what reaches SQLite: a connection whose cursors write down each statement that they execute, with its values."""

import json
import sqlite3

OUT = None


def to(path):
    """What is sent from now on goes to this file, one object a line."""
    global OUT
    OUT = open(path, "w", encoding="utf-8")


def count(sql, values):
    plain = [v if isinstance(v, (int, float, str, type(None))) else str(v) for v in values]
    OUT.write(json.dumps({"sql": sql, "params": plain}) + "\n")
    OUT.flush()


class Cursor(sqlite3.Cursor):
    def execute(self, sql, values=()):
        count(sql, values)
        return super().execute(sql, values)

    def executemany(self, sql, sets):
        sets = list(sets)
        for values in sets:
            count(sql, values)
        return super().executemany(sql, sets)


class Connection(sqlite3.Connection):
    def cursor(self, factory=Cursor):
        return super().cursor(factory)

    def execute(self, sql, values=()):
        return self.cursor().execute(sql, values)

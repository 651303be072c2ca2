"""Writes down what an application of Python sends to SQLite, whatever it is: put this folder on PYTHONPATH, name the file in
SENT, and a part of the database's path in SENT_OF. The statements come from sqlite3_trace, with their values in them.
"""

import os
import sqlite3
import sqlite3.dbapi2

if os.environ.get("SENT"):
    connect = sqlite3.connect

    def traced(database, *arguments, **options):
        connection = connect(database, *arguments, **options)
        if os.environ.get("SENT_OF", "") in str(database):
            log = open(os.environ["SENT"], "a", encoding="utf-8", errors="backslashreplace")

            def note(sql):
                # What a trigger runs is traced as a comment.
                if not sql.startswith("--"):
                    log.write(sql.rstrip().rstrip(";") + "\n;\n")
                    log.flush()

            connection.set_trace_callback(note)
        return connection

    sqlite3.connect = sqlite3.dbapi2.connect = traced

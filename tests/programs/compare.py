"""Compares two digests of `advisor workload --format json`: what a program counted itself, and what was read of its log.

Exits 1 and names each statement whose fingerprint or count differs. PRAGMA and CREATE, which drivers send below the loggers of their
frameworks, are passed over in both.
"""

import json
import sys


def counts(path):
    with open(path, encoding="utf-8") as file:
        digest = json.load(file)
    told = {}
    for statement in digest["statements"]:
        count, sql = told.get(statement["fingerprint"], (0, statement["sql"]))
        told[statement["fingerprint"]] = (count + statement["executions"], sql)
    return told, digest["files"]


sent, _ = counts(sys.argv[1])
read, files = counts(sys.argv[2])
wrong = [key for key in sent.keys() | read.keys() if sent.get(key, (0,))[0] != read.get(key, (0,))[0]]
unread = sum(file["unread"] for file in files)
print(f"{files[0]['format']}: {len(sent)} statements, {sum(n for n, _ in sent.values())} executions, {unread} lines unread")
for key in wrong:
    sql = " ".join((sent.get(key) or read.get(key))[1].split())
    print(f"  sent {sent.get(key, (0,))[0]}, read {read.get(key, (0,))[0]}: {sql[:200]}")
sys.exit(1 if wrong or unread else 0)

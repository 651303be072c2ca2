"""What was advised for an application, in a few lines. Exits 1 if a statement was skipped for a reason that is the advisor's own.

A log tells of tables that are gone by the time that the database is looked at, such as those of migrations.
"""

import collections
import json
import sys

name, path = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    report = json.load(file)
kinds = collections.Counter(a["kind"] + (" (if unused)" if a.get("optional") else "") for a in report["advice"])
skipped = report["workload"]["skipped"]
gone = ("no such table: ", "no such column: ", "table ")
odd = [s for s in skipped if not s["error"].startswith(gone)]
told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "nothing"
print(f"{name}: {len(report['statements'])} statements, {len(skipped)} skipped; advised: {told}")
for advice in report["advice"]:
    if advice["kind"] == "create_index":
        print(f"  {advice['sql']}")
for statement in odd:
    print(f"  skipped: {statement['error']}: {' '.join(statement['sql'].split())[:150]}")
sys.exit(1 if odd else 0)

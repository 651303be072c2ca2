"""Django with the logger django.db.backends at DEBUG: models, joins, bulk inserts, prefetches, updates, aggregates."""

import logging
import sys

import django
from django.conf import settings

import sent

folder = sys.argv[1]
settings.configure(
    DEBUG=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder}/app.db"}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    LOGGING={
        "version": 1,
        "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {"file": {"class": "logging.FileHandler", "filename": f"{folder}/app.log", "formatter": "plain"}},
        "loggers": {"django.db.backends": {"level": "DEBUG", "handlers": ["file"]}},
    },
)
django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Count, Q  # noqa: E402

log = logging.getLogger("django.db.backends")
log.setLevel(logging.WARNING)
call_command("migrate", verbosity=0)
log.setLevel(logging.DEBUG)
# From here on the log and what reaches SQLite must tell the same.
sent.to(f"{folder}/sent.ndjson")
connection.ensure_connection()
# Django asks SQLite to quote the values that it logs; the lines of a trace that begin with -- are of triggers.
connection.connection.set_trace_callback(
    lambda sql: None if sql.startswith(("--", "SELECT QUOTE(")) else sent.count(sql, [])
)

groups = [Group.objects.create(name=f"group {i}") for i in range(6)]
users = User.objects.bulk_create([User(username=f"it's {i}", email=f"{i}@x; args=(1)", last_name="a\nb") for i in range(30)])
for user in User.objects.filter(username__startswith="it's 1"):
    user.groups.add(groups[user.pk % 6])
for i in range(9):
    list(User.objects.filter(Q(username=f"it's {i}") | Q(email=f"{i} (0.001) SELECT"), is_active=True)[:5])
for n in (2, 5, 9):
    list(User.objects.filter(pk__in=range(n)).only("username"))
list(User.objects.prefetch_related("groups").filter(groups__name="group 3"))
list(Group.objects.annotate(members=Count("user")).filter(members__gt=1).order_by("-members"))
User.objects.filter(pk=4).update(last_login=None, first_name='"x"; args=()')
for i in range(4):
    User.objects.filter(username=f"it's {i}").exists()
    User.objects.get_or_create(username=f"new {i}")
with transaction.atomic():
    User.objects.filter(last_name="nobody").delete()
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM auth_user WHERE id > %s AND email LIKE %s", [3, "%100%%"])
    cursor.executemany("UPDATE auth_user SET first_name = %s WHERE id = %s", [("many", i) for i in range(12)])

"""Wagtail as `wagtail start` makes it: pages are made, moved and published, and its site and its admin are looked at."""

import os
import sys

folder = sys.argv[1]
os.chdir(f"{folder}/site")
sys.path.insert(0, os.getcwd())
os.environ["DJANGO_SETTINGS_MODULE"] = "site1.settings.dev"

import django  # noqa: E402

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.test import Client  # noqa: E402
from django.conf import settings  # noqa: E402
from home.models import HomePage  # noqa: E402
from wagtail.models import Page  # noqa: E402

settings.ALLOWED_HOSTS = ["*"]
user = get_user_model().objects.create_superuser("admin", "a@x.org", "admin")
home = HomePage.objects.first()
for i in range(60):
    page = home.add_child(instance=HomePage(title=f"Page {i}", slug=f"page-{i}"))
    page.save_revision(user=user).publish()
    if i % 4 == 0:
        for j in range(3):
            page.add_child(instance=HomePage(title=f"Below {i} {j}", slug=f"below-{j}"))
client = Client()
client.force_login(user)
for path in ["/", "/page-3/", "/page-4/below-1/", "/admin/", f"/admin/pages/{home.pk}/", "/admin/pages/search/?q=Page", "/admin/reports/site-history/",
             "/admin/users/", "/admin/images/", "/admin/documents/", f"/admin/pages/{home.pk}/history/", "/admin/reports/locked/",
             "/admin/reports/aging-pages/", "/admin/redirects/"] * 4:
    client.get(path)
for i in range(20):
    page = Page.objects.get(slug=f"page-{i}", depth=3)
    page.specific.save_revision(user=user).publish()
    page.get_children().live().order_by("title").count()
Page.objects.get(slug="page-7").delete()

"""Trac: an environment is made; tickets and wiki pages are written, changed and queried as its pages do."""

import sys

from trac.core import TracError
from trac.env import Environment
from trac.ticket.model import Ticket
from trac.ticket.query import Query
from trac.ticket.report import ReportModule
from trac.wiki.model import WikiPage
from trac.search.web_ui import SearchModule
from trac.test import MockRequest
from trac.timeline.web_ui import TimelineModule

env = Environment(f"{sys.argv[1]}/env", create=True)
for i in range(120):
    ticket = Ticket(env)
    for name, value in {"summary": f"Ticket {i}", "reporter": f"user{i % 9}", "owner": f"user{i % 5}", "component": f"component{1 + i % 2}",
                        "status": "new", "keywords": f"k{i % 11}", "description": "words " * 20, "type": "defect", "priority": "major"}.items():
        ticket[name] = value
    ticket.insert()
    ticket["status"] = ["accepted", "closed", "assigned"][i % 3]
    ticket.save_changes(f"user{i % 5}", f"a comment {i}")
for i in range(50):
    page = WikiPage(env, f"Page{i}")
    for version in range(3):
        page.text = f"text {i} {version} " * 30
        page.save(f"user{i % 3}", "changed")
request = MockRequest(env, authname="admin", path_info="/query")
for i in range(25):
    Query.from_string(env, f"owner=user{i % 5}&status!=closed&order=priority&max=20").execute(request)
    Query.from_string(env, f"keywords~=k{i % 11}&component=component1&group=status").execute(request)
    Ticket(env, 1 + i).get_changelog()
    WikiPage(env, f"Page{i}").get_history()
for component in (SearchModule, TimelineModule, ReportModule):
    for path, arguments in (("/search", {"q": "words", "ticket": "on", "wiki": "on"}), ("/timeline", {"daysback": "30", "ticket": "on", "wiki": "on"}),
                            ("/report/1", {"id": "1"})):
        try:
            asked = MockRequest(env, authname="admin", path_info=path, args=arguments)
            component(env).process_request(asked)
        except (TracError, Exception):  # a page that this account may not see
            continue

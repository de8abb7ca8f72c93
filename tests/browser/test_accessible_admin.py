"""The admin: no finding of axe but those of Django's own pages, which are listed by name."""

import pytest
from django.contrib.auth.models import User

from tests.browser.admin_pages import REFUSALS, path_of, shows_nothing
from tests.browser.axe import NARROW, WIDE, findings, look
from tests.browser.plan_in_use import log_in, make_plan_in_use
from tests.test_every_writing_url import patterns

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.refusals(*REFUSALS)]


def test_x(page, live_server):
    make_plan_in_use()
    User.objects.filter(username="kikaku").update(is_superuser=True)
    log_in(page, live_server.url)
    import time, collections
    t=time.time(); n=0; c=collections.defaultdict(list)
    for at, pattern in enumerate(p for p in patterns() if p.startswith("admin/") and not shows_nothing(p)):
        path = path_of(pattern)
        r = page.goto(live_server.url + path)
        n+=1
        for view in (WIDE, NARROW):
            look(page, view)
            w = page.evaluate("document.documentElement.scrollWidth-innerWidth")
            if w>0: c["wide "+view.name].append((path,w))
            for f in findings(page):
                u,rule,html=f.split(": ",2)
                c[rule].append((path,html[:150]))
    print(n,time.time()-t)
    for k,v in c.items():
        print(k,len(v)); 
        seen=set()
        for p,h in v:
            if h not in seen: seen.add(h); print("    ",p,h)

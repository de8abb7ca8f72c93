"""What `manage.py serve` runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omuta_strategy.settings")

application = get_wsgi_application()

# The pages and the admin are loaded now, not with the first request, and what stays for good
# is set aside: else the garbage collector walks through all of it, for 50 ms and more, in
# the middle of somebody's page.
get_resolver().url_patterns  # noqa: B018 - reading it loads it
gc.collect()
gc.freeze()

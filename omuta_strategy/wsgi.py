"""What the server (Granian) runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omuta_strategy.settings")

application = get_wsgi_application()

"""For WSGI servers: ``granian --interface wsgi wsgi:app``."""

from competency_api.app import create_app

app = create_app()

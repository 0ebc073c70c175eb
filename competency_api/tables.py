"""Every table in one metadata: imports each feature's ``models.py``, for the migrations and the tests."""

from competency_api.accounts import models as accounts
from competency_api.core import idempotency
from competency_api.core.db import Base
from competency_api.courses import models as courses
from competency_api.courses.migration import models as migrations_of_mappings
from competency_api.courses.suggestions import models as suggestions
from competency_api.curation import models as curation
from competency_api.events import models as events
from competency_api.jobs import models as jobs
from competency_api.publishing import models as publishing
from competency_api.versions import guards, models
from competency_api.webhooks import models as webhooks
from competency_api.workshops import models as workshops

metadata = Base.metadata

__all__ = [
    "accounts",
    "courses",
    "curation",
    "events",
    "guards",
    "idempotency",
    "jobs",
    "metadata",
    "migrations_of_mappings",
    "models",
    "publishing",
    "suggestions",
    "webhooks",
    "workshops",
]

"""Every table in one metadata: imports each feature's ``models.py``, for the migrations and the tests."""

from competency_api.core.db import Base

metadata = Base.metadata

"""Runs the migrations on the connection that :mod:`competency_api.core.migrations` hands over.

Transaction, locks and time limits are that module's business; there is no offline mode and no alembic.ini.
"""

from alembic import context

from competency_api.core.migrations import COMPARISON
from competency_api.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite alters a table by copying it; written so, one migration serves both databases.
    render_as_batch=True,
    **COMPARISON,
)
with context.begin_transaction():
    context.run_migrations()

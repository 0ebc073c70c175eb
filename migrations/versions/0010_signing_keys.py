"""Public keys of what is signed beside versions, so that it can be checked when the deployment has another key"""

import sqlalchemy as sa
from alembic import op

from competency_api.core.db import UtcDateTime

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('signing_key',
    sa.Column('key_id', sa.String(length=64), nullable=False),
    sa.Column('public_key', sa.String(length=64), nullable=False),
    sa.Column('first_used_at', UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('key_id', name=op.f('pk_signing_key'))
    )


def downgrade() -> None:
    op.drop_table('signing_key')

"""Plans to migrate mappings to another version, what is decided in them, and who was told of a version"""

import sqlalchemy as sa
from alembic import op

from competency_api.core.db import UtcDateTime

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def _code() -> sa.types.TypeEngine[str]:
    return sa.String(length=16).with_variant(sa.String(length=16, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table('migration_plan',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('from_version', sa.Integer(), nullable=True),
    sa.Column('to_version', sa.Integer(), nullable=False),
    sa.Column('last_change', sa.Integer(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('automatic', sa.Boolean(), nullable=False),
    sa.Column('counts', sa.Text(), nullable=False),
    sa.Column('applied_at', UtcDateTime(), nullable=True),
    sa.Column('applied_change', sa.Integer(), nullable=True),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint('from_version <> to_version', name=op.f('ck_migration_plan_versions')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_migration_plan_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('organisation_id', 'id', name=op.f('pk_migration_plan'))
    )
    op.create_table('migration_decision',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('plan_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('course_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('concept', _code(), nullable=False),
    sa.Column('relation', sa.String(length=8), nullable=False),
    sa.Column('verdict', sa.String(length=8), nullable=False),
    sa.Column('codes', sa.Text(), nullable=False),
    sa.CheckConstraint("verdict IN ('keep', 'drop', 'replace')", name=op.f('ck_migration_decision_verdict')),
    sa.ForeignKeyConstraint(['organisation_id', 'plan_id'], ['migration_plan.organisation_id', 'migration_plan.id'], name=op.f('fk_migration_decision_organisation_id_plan_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organisation_id', 'plan_id', 'course_id', 'concept', 'relation', name=op.f('pk_migration_decision'))
    )
    op.create_table('migration_notice',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('version_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_migration_notice_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('organisation_id', 'version_id', name=op.f('pk_migration_notice'))
    )


def downgrade() -> None:
    op.drop_table('migration_notice')
    op.drop_table('migration_decision')
    op.drop_table('migration_plan')

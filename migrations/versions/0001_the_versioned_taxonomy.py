"""The versioned taxonomy"""

import sqlalchemy as sa
from alembic import op

from competency_api.core.db import UtcDateTime
from competency_api.versions import guards

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('concept',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('uuid', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_concept')),
    sa.UniqueConstraint('code', name=op.f('uq_concept_code')),
    sa.UniqueConstraint('uuid', name=op.f('uq_concept_uuid'))
    )
    op.create_table('version',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('major', sa.Integer(), nullable=False),
    sa.Column('minor', sa.Integer(), nullable=False),
    sa.Column('patch', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('publisher', sa.Text(), nullable=False),
    sa.Column('published_at', UtcDateTime(), nullable=False),
    sa.Column('published_by', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('bump', sa.String(length=8), nullable=True),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('findings', sa.Text(), nullable=False),
    sa.Column('idempotency_key', sa.String(length=200), nullable=True),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('seal', sa.String(length=64), nullable=False),
    sa.CheckConstraint('(id = 1 AND parent_id IS NULL) OR parent_id = id - 1', name=op.f('ck_version_one_line')),
    sa.ForeignKeyConstraint(['parent_id'], ['version.id'], name=op.f('fk_version_parent_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_version')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_version_idempotency_key')),
    sa.UniqueConstraint('major', 'minor', 'patch', name=op.f('uq_version_major_minor_patch')),
    sa.UniqueConstraint('parent_id', name=op.f('uq_version_parent_id'))
    )
    op.create_table('concept_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('concept_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['concept_id'], ['concept.id'], name=op.f('fk_concept_version_concept_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_concept_version')),
    sa.UniqueConstraint('concept_id', 'digest', name=op.f('uq_concept_version_concept_id_digest'))
    )
    op.create_table('version_change',
    sa.Column('version_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('type', sa.String(length=16), nullable=False),
    sa.Column('bump', sa.String(length=8), nullable=False),
    sa.Column('meaning', sa.Boolean(), nullable=False),
    sa.Column('edits', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['version.id'], name=op.f('fk_version_change_version_id'), ondelete='RESTRICT', initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('version_id', 'position', name=op.f('pk_version_change'))
    )
    op.create_index(op.f('ix_version_change_code'), 'version_change', ['code'])

    op.create_table('draft_entry',
    sa.Column('concept_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('concept_version_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['concept_id'], ['concept.id'], name=op.f('fk_draft_entry_concept_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['concept_version_id'], ['concept_version.id'], name=op.f('fk_draft_entry_concept_version_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('concept_id', name=op.f('pk_draft_entry'))
    )
    op.create_index(op.f('ix_draft_entry_concept_version_id'), 'draft_entry', ['concept_version_id'])

    op.create_table('version_entry',
    sa.Column('version_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('concept_version_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['concept_version_id'], ['concept_version.id'], name=op.f('fk_version_entry_concept_version_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['version_id'], ['version.id'], name=op.f('fk_version_entry_version_id'), ondelete='RESTRICT', initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('version_id', 'concept_version_id', name=op.f('pk_version_entry'))
    )
    op.create_index(op.f('ix_version_entry_concept_version_id'), 'version_entry', ['concept_version_id'])

    for statement in guards.creation(op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    for statement in guards.removal(op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)
    op.drop_index(op.f('ix_version_entry_concept_version_id'), 'version_entry')
    op.drop_table('version_entry')
    op.drop_index(op.f('ix_draft_entry_concept_version_id'), 'draft_entry')
    op.drop_table('draft_entry')
    op.drop_index(op.f('ix_version_change_code'), 'version_change')
    op.drop_table('version_change')
    op.drop_table('concept_version')
    op.drop_table('version')
    op.drop_table('concept')

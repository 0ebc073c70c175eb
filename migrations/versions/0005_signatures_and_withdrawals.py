"""Signatures of versions, and withdrawals"""

import sqlalchemy as sa
from alembic import op

from competency_api.core.db import UtcDateTime
from competency_api.versions import guards

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('version_signature',
    sa.Column('version_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('key_id', sa.String(length=64), nullable=False),
    sa.Column('public_key', sa.String(length=64), nullable=False),
    sa.Column('token', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['version.id'], name=op.f('fk_version_signature_version_id'), ondelete='RESTRICT', initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('version_id', name=op.f('pk_version_signature'))
    )
    op.create_table('version_withdrawal',
    sa.Column('version_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('successor_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', UtcDateTime(), nullable=False),
    sa.Column('withdrawn_by', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint('successor_id <> version_id', name=op.f('ck_version_withdrawal_another')),
    sa.ForeignKeyConstraint(['successor_id'], ['version.id'], name=op.f('fk_version_withdrawal_successor_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['version_id'], ['version.id'], name=op.f('fk_version_withdrawal_version_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('version_id', name=op.f('pk_version_withdrawal'))
    )
    for statement in guards.creation(op.get_bind().dialect.name, guards.LATER):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    for statement in guards.removal(op.get_bind().dialect.name, guards.LATER):
        op.get_bind().exec_driver_sql(statement)
    op.drop_table('version_withdrawal')
    op.drop_table('version_signature')

"""Organisations, people, keys, the audit trail, and answers to repeated requests"""

import sqlalchemy as sa
from alembic import op

from competency_api.accounts.models import audit_guard_removals, audit_guards
from competency_api.core.db import UtcDateTime

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('organisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('partner', 'provider', 'both')", name=op.f('ck_organisation_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('code', name=op.f('uq_organisation_code'))
    )
    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.String(length=36), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('role', sa.String(length=12), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("role IN ('member', 'editor', 'publisher', 'admin')", name=op.f('ck_person_role')),
    sa.CheckConstraint("(role = 'admin') = (organisation_id IS NULL)", name=op.f('ck_person_admins_are_outside')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_person_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('uuid', name=op.f('uq_person_uuid'))
    )
    op.create_index(op.f('ix_person_organisation_id'), 'person', ['organisation_id'])

    op.create_table('api_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.String(length=36), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('prefix', sa.String(length=12), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('scopes', sa.Text(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('expires_at', UtcDateTime(), nullable=True),
    sa.Column('revoked_at', UtcDateTime(), nullable=True),
    sa.Column('last_used_at', UtcDateTime(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_api_key_organisation_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_api_key_person_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['replaces_id'], ['api_key.id'], name=op.f('fk_api_key_replaces_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_key')),
    sa.UniqueConstraint('digest', name=op.f('uq_api_key_digest')),
    sa.UniqueConstraint('replaces_id', name=op.f('uq_api_key_replaces_id')),
    sa.UniqueConstraint('uuid', name=op.f('uq_api_key_uuid'))
    )
    op.create_index(op.f('ix_api_key_organisation_id'), 'api_key', ['organisation_id'])
    op.create_index(op.f('ix_api_key_person_id'), 'api_key', ['person_id'])
    op.create_index(op.f('ix_api_key_prefix'), 'api_key', ['prefix'])

    op.create_table('audit_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('key', sa.String(length=36), nullable=True),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('details', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_audit_entry_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    op.create_index(op.f('ix_audit_entry_key'), 'audit_entry', ['key'])
    op.create_index(op.f('ix_audit_entry_organisation_id'), 'audit_entry', ['organisation_id'])
    op.create_index(op.f('ix_audit_entry_subject'), 'audit_entry', ['subject'])
    for statement in audit_guards(op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)

    op.create_table('remembered_answer',
    sa.Column('caller', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('salt', sa.String(length=64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('headers', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('caller', 'key', name=op.f('pk_remembered_answer'))
    )
    op.create_index(op.f('ix_remembered_answer_created_at'), 'remembered_answer', ['created_at'])


def downgrade() -> None:
    op.drop_index(op.f('ix_remembered_answer_created_at'), 'remembered_answer')
    op.drop_table('remembered_answer')
    for statement in audit_guard_removals(op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)
    op.drop_table('audit_entry')
    op.drop_table('api_key')
    op.drop_table('person')
    op.drop_table('organisation')

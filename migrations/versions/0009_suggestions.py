"""Suggestions: what was decided, the words of the texts that it was decided for, and lists for catalogues"""

import sqlalchemy as sa
from alembic import op

from competency_api.core.db import UtcDateTime

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def _code() -> sa.types.TypeEngine[str]:
    return sa.String(length=16).with_variant(sa.String(length=16, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table('suggestion_decision',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('course_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('concept', _code(), nullable=False),
    sa.Column('verdict', sa.String(length=8), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('relation', sa.String(length=8), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=True),
    sa.Column('confidence', sa.Float(), nullable=False),
    sa.Column('visibility', sa.String(length=8), nullable=False),
    sa.Column('decided_at', UtcDateTime(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('key', sa.String(length=36), nullable=True),
    sa.CheckConstraint("verdict IN ('accepted', 'rejected')", name=op.f('ck_suggestion_decision_verdict')),
    sa.CheckConstraint("visibility IN ('public', 'private')", name=op.f('ck_suggestion_decision_visibility')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_suggestion_decision_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('organisation_id', 'course_id', 'concept', name=op.f('pk_suggestion_decision'))
    )
    op.create_table('suggestion_text',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('course_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_suggestion_text_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('organisation_id', 'course_id', 'digest', name=op.f('pk_suggestion_text'))
    )
    op.create_table('suggestion_list',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('asked', sa.Text(), nullable=False),
    sa.Column('courses', sa.Integer(), nullable=False),
    sa.Column('suggestions', sa.Integer(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_suggestion_list_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('organisation_id', 'id', name=op.f('pk_suggestion_list'))
    )
    op.create_table('suggestion',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('list_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('course_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('place', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('concept', _code(), nullable=False),
    sa.Column('confidence', sa.Float(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=35), nullable=False),
    sa.Column('found', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id', 'list_id'], ['suggestion_list.organisation_id', 'suggestion_list.id'], name=op.f('fk_suggestion_organisation_id_list_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organisation_id', 'list_id', 'course_id', 'place', name=op.f('pk_suggestion'))
    )


def downgrade() -> None:
    op.drop_table('suggestion')
    op.drop_table('suggestion_list')
    op.drop_table('suggestion_text')
    op.drop_table('suggestion_decision')

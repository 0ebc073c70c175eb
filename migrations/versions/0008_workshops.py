"""Workshops: rooms with tables, topics and options, ballots, needs, conclusions, and what came of them"""

import sqlalchemy as sa
from alembic import op

from competency_api.core.db import UtcDateTime

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('concept_comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.String(length=36), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('author', sa.String(length=100), nullable=False),
    sa.Column('author_name', sa.Text(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_concept_comment_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_concept_comment')),
    sa.UniqueConstraint('uuid', name=op.f('uq_concept_comment_uuid'))
    )
    op.create_index(op.f('ix_concept_comment_code'), 'concept_comment', ['code'], unique=False)
    op.create_table('workshop',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.String(length=36), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('time_zone', sa.String(length=64), nullable=False),
    sa.Column('starts_at', UtcDateTime(), nullable=False),
    sa.Column('ends_at', UtcDateTime(), nullable=False),
    sa.Column('agenda', sa.Text(), nullable=False),
    sa.Column('languages', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('created_by', sa.String(length=100), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('opened_at', UtcDateTime(), nullable=True),
    sa.Column('closed_at', UtcDateTime(), nullable=True),
    sa.Column('reported_at', UtcDateTime(), nullable=True),
    sa.Column('activity', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('draft', 'open', 'closed', 'reported')", name=op.f('ck_workshop_state')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_workshop_organisation_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['version_id'], ['version.id'], name=op.f('fk_workshop_version_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop')),
    sa.UniqueConstraint('code', name=op.f('uq_workshop_code')),
    sa.UniqueConstraint('uuid', name=op.f('uq_workshop_uuid'))
    )
    op.create_index(op.f('ix_workshop_organisation_id'), 'workshop', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_workshop_state'), 'workshop', ['state'], unique=False)
    op.create_table('workshop_conclusion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.String(length=36), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('signed_by', sa.String(length=100), nullable=False),
    sa.Column('signer_name', sa.Text(), nullable=False),
    sa.Column('signed_at', UtcDateTime(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('signature', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_workshop_conclusion_workshop_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop_conclusion')),
    sa.UniqueConstraint('uuid', name=op.f('uq_workshop_conclusion_uuid')),
    sa.UniqueConstraint('workshop_id', 'subject', 'number', name=op.f('uq_workshop_conclusion_workshop_id_subject_number'))
    )
    op.create_index(op.f('ix_workshop_conclusion_workshop_id'), 'workshop_conclusion', ['workshop_id'], unique=False)
    op.create_table('workshop_round',
    sa.Column('workshop_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_workshop_round_workshop_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('workshop_id', 'number', name=op.f('pk_workshop_round'))
    )
    op.create_table('workshop_table',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('challenge', sa.String(length=16), nullable=True),
    sa.Column('facilitator', sa.String(length=100), nullable=True),
    sa.Column('facilitator_name', sa.Text(), nullable=False),
    sa.Column('join_code', sa.String(length=12), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_workshop_table_workshop_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop_table')),
    sa.UniqueConstraint('join_code', name=op.f('uq_workshop_table_join_code')),
    sa.UniqueConstraint('workshop_id', 'number', name=op.f('uq_workshop_table_workshop_id_number'))
    )
    op.create_index(op.f('ix_workshop_table_facilitator'), 'workshop_table', ['facilitator'], unique=False)
    op.create_table('workshop_topic',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('round_number', sa.Integer(), nullable=True),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('takes_needs', sa.Boolean(), nullable=False),
    sa.Column('filters', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=7), nullable=False),
    sa.Column('activity', sa.Integer(), nullable=False),
    sa.Column('closes_at', UtcDateTime(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'open', 'closed')", name=op.f('ck_workshop_topic_state')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_workshop_topic_workshop_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop_topic')),
    sa.UniqueConstraint('workshop_id', 'name', name=op.f('uq_workshop_topic_workshop_id_name'))
    )
    op.create_table('workshop_option',
    sa.Column('topic_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('concept', sa.String(length=16), nullable=True),
    sa.Column('texts', sa.Text(), nullable=False),
    sa.Column('table_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['table_id'], ['workshop_table.id'], name=op.f('fk_workshop_option_table_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['topic_id'], ['workshop_topic.id'], name=op.f('fk_workshop_option_topic_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('topic_id', 'name', name=op.f('pk_workshop_option'))
    )
    op.create_index(op.f('ix_workshop_option_concept'), 'workshop_option', ['concept'], unique=False)
    op.create_table('workshop_outcome',
    sa.Column('topic_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('option', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('made', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['topic_id'], ['workshop_topic.id'], name=op.f('fk_workshop_outcome_topic_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('topic_id', 'option', 'kind', name=op.f('pk_workshop_outcome'))
    )
    op.create_table('workshop_participant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('table_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=12), nullable=True),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('session_digest', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['table_id'], ['workshop_table.id'], name=op.f('fk_workshop_participant_table_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_workshop_participant_workshop_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop_participant')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_workshop_participant_token_digest')),
    sa.UniqueConstraint('workshop_id', 'session_digest', name=op.f('uq_workshop_participant_workshop_id_session_digest'))
    )
    op.create_index(op.f('ix_workshop_participant_table_id'), 'workshop_participant', ['table_id'], unique=False)
    op.create_table('workshop_standing',
    sa.Column('topic_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('concept', sa.String(length=16), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('of', sa.Integer(), nullable=False),
    sa.Column('ballots', sa.Integer(), nullable=False),
    sa.Column('borda', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['topic_id'], ['workshop_topic.id'], name=op.f('fk_workshop_standing_topic_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_workshop_standing_workshop_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('topic_id', 'concept', name=op.f('pk_workshop_standing'))
    )
    op.create_index(op.f('ix_workshop_standing_concept'), 'workshop_standing', ['concept'], unique=False)
    op.create_index(op.f('ix_workshop_standing_workshop_id'), 'workshop_standing', ['workshop_id'], unique=False)
    op.create_table('workshop_ballot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('table_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=True),
    sa.Column('role', sa.String(length=12), nullable=True),
    sa.Column('levels', sa.Text(), nullable=False),
    sa.Column('casts', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['workshop_participant.id'], name=op.f('fk_workshop_ballot_participant_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['table_id'], ['workshop_table.id'], name=op.f('fk_workshop_ballot_table_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['topic_id'], ['workshop_topic.id'], name=op.f('fk_workshop_ballot_topic_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop_ballot')),
    sa.UniqueConstraint('topic_id', 'participant_id', name=op.f('uq_workshop_ballot_topic_id_participant_id'))
    )
    op.create_index(op.f('ix_workshop_ballot_participant_id'), 'workshop_ballot', ['participant_id'], unique=False)
    op.create_index(op.f('ix_workshop_ballot_table_id'), 'workshop_ballot', ['table_id'], unique=False)
    op.create_index(op.f('ix_workshop_ballot_topic_id'), 'workshop_ballot', ['topic_id'], unique=False)
    op.create_table('workshop_need',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.String(length=36), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('table_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=35), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('option', sa.String(length=60), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state IN ('merged', 'released')) = (option IS NOT NULL)", name=op.f('ck_workshop_need_option')),
    sa.CheckConstraint("state IN ('waiting', 'merged', 'released', 'declined')", name=op.f('ck_workshop_need_state')),
    sa.ForeignKeyConstraint(['participant_id'], ['workshop_participant.id'], name=op.f('fk_workshop_need_participant_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['table_id'], ['workshop_table.id'], name=op.f('fk_workshop_need_table_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['topic_id'], ['workshop_topic.id'], name=op.f('fk_workshop_need_topic_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop_need')),
    sa.UniqueConstraint('uuid', name=op.f('uq_workshop_need_uuid'))
    )
    op.create_index(op.f('ix_workshop_need_participant_id'), 'workshop_need', ['participant_id'], unique=False)
    op.create_index(op.f('ix_workshop_need_table_id'), 'workshop_need', ['table_id'], unique=False)
    op.create_index(op.f('ix_workshop_need_topic_id'), 'workshop_need', ['topic_id'], unique=False)


def downgrade() -> None:
    op.drop_table('concept_comment')
    op.drop_table('workshop_need')
    op.drop_table('workshop_ballot')
    op.drop_table('workshop_standing')
    op.drop_table('workshop_participant')
    op.drop_table('workshop_outcome')
    op.drop_table('workshop_option')
    op.drop_table('workshop_topic')
    op.drop_table('workshop_table')
    op.drop_table('workshop_round')
    op.drop_table('workshop_conclusion')
    op.drop_table('workshop')

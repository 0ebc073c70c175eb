"""Proposals, their changes, the contents that these were made from, and comments"""

import sqlalchemy as sa
from alembic import op

from competency_api.core.db import UtcDateTime

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.String(length=36), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('rationale', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('author', sa.String(length=100), nullable=False),
    sa.Column('author_name', sa.Text(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('changed_at', UtcDateTime(), nullable=False),
    sa.Column('submitted_at', UtcDateTime(), nullable=True),
    sa.Column('decided_at', UtcDateTime(), nullable=True),
    sa.Column('decided_by', sa.Text(), nullable=True),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.Column('accepted_after', sa.Integer(), nullable=True),
    sa.Column('changes', sa.Integer(), nullable=False),
    sa.Column('last_number', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('draft', 'submitted', 'changes-requested', 'accepted', 'rejected', 'withdrawn')", name=op.f('ck_proposal_state')),
    sa.CheckConstraint("(state = 'accepted') = (accepted_after IS NOT NULL)", name=op.f('ck_proposal_accepted')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_proposal_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal')),
    sa.UniqueConstraint('uuid', name=op.f('uq_proposal_uuid'))
    )
    op.create_index(op.f('ix_proposal_organisation_id'), 'proposal', ['organisation_id'])
    op.create_index(op.f('ix_proposal_state'), 'proposal', ['state'])
    op.create_table('proposal_change',
    sa.Column('proposal_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_proposal_change_proposal_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('proposal_id', 'number', name=op.f('pk_proposal_change'))
    )
    op.create_table('proposal_base',
    sa.Column('proposal_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_proposal_base_proposal_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('proposal_id', 'code', name=op.f('pk_proposal_base'))
    )
    op.create_index(op.f('ix_proposal_base_code'), 'proposal_base', ['code'])
    op.create_table('proposal_comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.String(length=36), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('change_number', sa.Integer(), nullable=True),
    sa.Column('reply_to_id', sa.Integer(), nullable=True),
    sa.Column('author', sa.String(length=100), nullable=False),
    sa.Column('author_name', sa.Text(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_proposal_comment_organisation_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_proposal_comment_proposal_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['reply_to_id'], ['proposal_comment.id'], name=op.f('fk_proposal_comment_reply_to_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal_comment')),
    sa.UniqueConstraint('uuid', name=op.f('uq_proposal_comment_uuid'))
    )
    op.create_index(op.f('ix_proposal_comment_proposal_id'), 'proposal_comment', ['proposal_id'])
    op.create_index(op.f('ix_proposal_comment_reply_to_id'), 'proposal_comment', ['reply_to_id'])
    op.create_table('version_readers',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('mark', sa.String(length=20), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('requests', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('day', 'mark', 'reference', name=op.f('pk_version_readers'))
    )


def downgrade() -> None:
    op.drop_table('version_readers')
    op.drop_table('proposal_comment')
    op.drop_table('proposal_base')
    op.drop_table('proposal_change')
    op.drop_table('proposal')

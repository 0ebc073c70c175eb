"""Providers' courses, their mappings to concepts with their history, the sums of both, and jobs"""

import sqlalchemy as sa
from alembic import op

from competency_api.core.db import UtcDateTime

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def _code() -> sa.types.TypeEngine[str]:
    return sa.String(length=16).with_variant(sa.String(length=16, collation='C'), 'postgresql')


def upgrade() -> None:
    _create_courses()
    _create_mappings()
    _create_sums()
    _create_jobs()


def _create_courses() -> None:
    op.create_table('provider',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('automatic_migration', sa.Boolean(), nullable=False),
    sa.Column('last_course', sa.Integer(), nullable=False),
    sa.Column('last_change', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_provider_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_provider'))
    )
    op.create_table('course',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('external_id', sa.String(length=200), nullable=False),
    sa.Column('uuid', sa.String(length=36), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('visibility', sa.String(length=8), nullable=False),
    sa.Column('modality', sa.String(length=10), nullable=False),
    sa.Column('hours', sa.Integer(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('updated_at', UtcDateTime(), nullable=False),
    sa.Column('removed_at', UtcDateTime(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("modality IN ('', 'online', 'classroom', 'blended', 'hands-on')", name=op.f('ck_course_modality')),
    sa.CheckConstraint("visibility IN ('public', 'private')", name=op.f('ck_course_visibility')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_course_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('organisation_id', 'id', name=op.f('pk_course')),
    sa.UniqueConstraint('organisation_id', 'external_id', name=op.f('uq_course_organisation_id_external_id'))
    )
    op.create_index('ix_course_found', 'course', ['visibility', 'organisation_id', 'id'])
    op.create_index('ix_course_uuid', 'course', ['uuid'])
    op.create_table('course_language',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('course_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('language', sa.String(length=35), nullable=False),
    sa.PrimaryKeyConstraint('organisation_id', 'course_id', 'language', name=op.f('pk_course_language')),
    sqlite_with_rowid=False
    )
    op.create_index('ix_course_language_found', 'course_language', ['language', 'organisation_id', 'course_id'])
    op.create_table('course_change',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('key', sa.String(length=36), nullable=True),
    sa.Column('reason', sa.String(length=12), nullable=False),
    sa.Column('details', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_course_change_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('organisation_id', 'id', name=op.f('pk_course_change'))
    )


def _create_mappings() -> None:
    op.create_table('mapping',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('course_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('concept', _code(), nullable=False),
    sa.Column('relation', sa.String(length=8), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=True),
    sa.Column('hours', sa.Integer(), nullable=True),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('span', sa.String(length=60), nullable=False),
    sa.Column('since', sa.Integer(), nullable=False),
    sa.CheckConstraint("relation IN ('teaches', 'assesses', 'requires')", name=op.f('ck_mapping_relation')),
    sa.CheckConstraint('hours >= 0', name=op.f('ck_mapping_hours')),
    sa.CheckConstraint('level BETWEEN 1 AND 4', name=op.f('ck_mapping_level')),
    sa.PrimaryKeyConstraint('organisation_id', 'course_id', 'concept', 'relation', name=op.f('pk_mapping')),
    sqlite_with_rowid=False
    )
    op.create_index('ix_mapping_concept', 'mapping', ['concept', 'organisation_id', 'course_id'])
    op.create_table('mapping_history',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('course_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('concept', _code(), nullable=False),
    sa.Column('relation', sa.String(length=8), nullable=False),
    sa.Column('until', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('since', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=True),
    sa.Column('hours', sa.Integer(), nullable=True),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('span', sa.String(length=60), nullable=False),
    sa.Column('ending', sa.String(length=10), nullable=False),
    sa.Column('became', _code(), nullable=False),
    sa.PrimaryKeyConstraint('organisation_id', 'course_id', 'concept', 'relation', 'until', name=op.f('pk_mapping_history'))
    )
    op.create_index('ix_mapping_history_until', 'mapping_history', ['organisation_id', 'until'])


def _create_sums() -> None:
    op.create_table('coverage_sum',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('version_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('concept', _code(), nullable=False),
    sa.Column('relation', sa.String(length=8), nullable=False),
    sa.Column('level', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('modality', sa.String(length=10), nullable=False),
    sa.Column('visibility', sa.String(length=8), nullable=False),
    sa.Column('courses', sa.Integer(), nullable=False),
    sa.Column('hours', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('organisation_id', 'version_id', 'concept', 'relation', 'level', 'modality', 'visibility', name=op.f('pk_coverage_sum')),
    sqlite_with_rowid=False
    )
    op.create_table('coverage_total',
    sa.Column('version_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('concept', _code(), nullable=False),
    sa.Column('relation', sa.String(length=8), nullable=False),
    sa.Column('level', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('modality', sa.String(length=10), nullable=False),
    sa.Column('courses', sa.Integer(), nullable=False),
    sa.Column('hours', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('version_id', 'concept', 'relation', 'level', 'modality', name=op.f('pk_coverage_total')),
    sqlite_with_rowid=False
    )


def _create_jobs() -> None:
    op.create_table('job',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('request', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('progress', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=True),
    sa.Column('result', sa.Text(), nullable=True),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('due_at', UtcDateTime(), nullable=False),
    sa.Column('claim', sa.String(length=36), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('started_at', UtcDateTime(), nullable=True),
    sa.Column('finished_at', UtcDateTime(), nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f('ck_job_state')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_job_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('uuid', name=op.f('uq_job_uuid'))
    )
    op.create_index('ix_job_due', 'job', ['state', 'due_at'])
    op.create_index(op.f('ix_job_organisation_id'), 'job', ['organisation_id'])
    op.create_table('job_file',
    sa.Column('job_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('part', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_job_file_job_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('job_id', 'name', 'part', name=op.f('pk_job_file'))
    )


def downgrade() -> None:
    op.drop_table('job_file')
    op.drop_table('job')
    op.drop_table('coverage_total')
    op.drop_table('coverage_sum')
    op.drop_index('ix_mapping_history_until', 'mapping_history')
    op.drop_table('mapping_history')
    op.drop_index('ix_mapping_concept', 'mapping')
    op.drop_table('mapping')
    op.drop_table('course_change')
    op.drop_index('ix_course_language_found', 'course_language')
    op.drop_table('course_language')
    op.drop_index('ix_course_found', 'course')
    op.drop_index('ix_course_uuid', 'course')
    op.drop_table('course')
    op.drop_table('provider')

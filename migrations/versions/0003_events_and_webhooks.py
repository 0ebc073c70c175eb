"""The feed of events, which begins with the versions that were published before, and webhooks"""

import json
import uuid

import sqlalchemy as sa
from alembic import op

from competency_api.core.db import UtcDateTime
from competency_api.events.models import feed_guard_removals, feed_guards

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

_COLUMNS = ('id', 'parent_id', 'major', 'minor', 'patch', 'title', 'published_at', 'published_by', 'publisher', 'valid_from', 'digest', 'bump', 'summary')


def upgrade() -> None:
    event = op.create_table('event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=True),
    sa.Column('uuid', sa.String(length=36), nullable=False),
    sa.Column('type', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('audience', sa.String(length=16), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('data', sa.Text(), nullable=False),
    sa.CheckConstraint("audience IN ('public', 'curators', 'organisation', 'administrators')", name=op.f('ck_event_audience')),
    sa.CheckConstraint("audience <> 'organisation' OR organisation_id IS NOT NULL", name=op.f('ck_event_whose')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_event_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event')),
    sa.UniqueConstraint('position', name=op.f('uq_event_position')),
    sa.UniqueConstraint('uuid', name=op.f('uq_event_uuid'))
    )
    op.create_index(op.f('ix_event_organisation_id'), 'event', ['organisation_id'])
    op.create_index(op.f('ix_event_subject'), 'event', ['subject'])
    op.create_table('event_touch',
    sa.Column('event_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('details', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_touch_event_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_event_touch_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('event_id', 'organisation_id', name=op.f('pk_event_touch'))
    )
    op.create_index(op.f('ix_event_touch_organisation_id'), 'event_touch', ['organisation_id'])
    _tell_of_versions(event)
    for statement in feed_guards(op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)
    _create_webhooks()


def _create_webhooks() -> None:
    op.create_table('webhook',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.String(length=36), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('types', sa.Text(), nullable=False),
    sa.Column('touching', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('disabled_because', sa.String(length=12), nullable=True),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('old_secret', sa.Text(), nullable=True),
    sa.Column('old_secret_until', UtcDateTime(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_webhook_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook')),
    sa.UniqueConstraint('uuid', name=op.f('uq_webhook_uuid'))
    )
    op.create_index(op.f('ix_webhook_organisation_id'), 'webhook', ['organisation_id'])
    op.create_table('webhook_delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('webhook_id', sa.Integer(), nullable=False),
    sa.Column('message', sa.String(length=36), nullable=False),
    sa.Column('type', sa.String(length=60), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('due_at', UtcDateTime(), nullable=False),
    sa.Column('claim', sa.String(length=36), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('finished_at', UtcDateTime(), nullable=True),
    sa.CheckConstraint("state IN ('pending', 'delivered', 'failed')", name=op.f('ck_webhook_delivery_state')),
    sa.ForeignKeyConstraint(['webhook_id'], ['webhook.id'], name=op.f('fk_webhook_delivery_webhook_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_delivery')),
    sa.UniqueConstraint('webhook_id', 'message', name=op.f('uq_webhook_delivery_webhook_id_message'))
    )
    op.create_index('ix_webhook_delivery_due', 'webhook_delivery', ['state', 'due_at'])
    op.create_table('webhook_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('delivery_id', sa.Integer(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('milliseconds', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['delivery_id'], ['webhook_delivery.id'], name=op.f('fk_webhook_attempt_delivery_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_attempt'))
    )
    op.create_index(op.f('ix_webhook_attempt_delivery_id'), 'webhook_attempt', ['delivery_id'])


def _tell_of_versions(event: sa.Table) -> None:
    """One event for each version, as its publication would have written it."""
    types = {'published_at': UtcDateTime(), 'valid_from': sa.Date()}
    version = sa.table('version', *(sa.column(name, types.get(name)) for name in _COLUMNS))
    rows = op.get_bind().execute(sa.select(version).order_by(version.c.id)).all()
    numbers = {row.id: f'{row.major}.{row.minor}.{row.patch}' for row in rows}
    for position, row in enumerate(rows, 1):
        number, published_at = numbers[row.id], row.published_at.isoformat().replace('+00:00', 'Z')
        data = {
            'number': number,
            'title': row.title,
            'parent': numbers.get(row.parent_id),
            'bump': row.bump,
            'publisher': row.publisher,
            'digest': row.digest,
            'signed_with': None,
            'published_at': published_at,
            'valid_from': row.valid_from.isoformat(),
            'changes': json.loads(row.summary).get('changes', {}),
            'version': f'/api/v1/versions/{number}',
        }
        op.get_bind().execute(sa.insert(event).values(
            position=position, uuid=str(uuid.uuid4()), type='version.published', subject=f'version/{number}',
            at=row.published_at, actor=row.published_by, audience='public',
            data=json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(',', ':')),
        ))


def downgrade() -> None:
    op.drop_table('webhook_attempt')
    op.drop_table('webhook_delivery')
    op.drop_table('webhook')
    for statement in feed_guard_removals(op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)
    op.drop_index(op.f('ix_event_touch_organisation_id'), 'event_touch')
    op.drop_table('event_touch')
    op.drop_index(op.f('ix_event_subject'), 'event')
    op.drop_index(op.f('ix_event_organisation_id'), 'event')
    op.drop_table('event')

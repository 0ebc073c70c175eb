"""The public keys that anyone needs to check what this deployment signed, also when it signs with another one now."""

from __future__ import annotations

from typing import cast as typed

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core import clock
from competency_api.core.db import insert_into
from competency_api.core.signatures import Signer
from competency_api.publishing.models import SigningKeyRow

_KEY = typed(sa.Table, SigningKeyRow.__table__)


def sign(session: orm.Session, signer: Signer, payload: bytes) -> str:
    """The payload signed, as :meth:`Signer.sign` does it; from this transaction on the public key stays listed.

    For whatever does not keep the key beside the signature.
    """
    if session.get(SigningKeyRow, signer.key_id) is None:
        values = {"key_id": signer.key_id, "public_key": signer.public_key, "first_used_at": clock.now()}
        session.execute(
            insert_into(session, _KEY).values(values).on_conflict_do_nothing()
        )  # another may sign with it first now
    return signer.sign(payload)


def list_keys(session: orm.Session) -> list[str]:
    """The public keys of all that :func:`sign` signed, the newest first."""
    newest = (SigningKeyRow.first_used_at.desc(), SigningKeyRow.key_id)
    return list(session.scalars(sa.select(SigningKeyRow.public_key).order_by(*newest)))

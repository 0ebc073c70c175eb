"""Commands on the draft: the working state, whose entries are the only thing that moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core.db import lock
from competency_api.core.errors import Conflict
from competency_api.taxonomy.canonical import canonical_json, digest_of
from competency_api.taxonomy.concept import Concept, normalised
from competency_api.versions.models import ConceptRow, ConceptVersionRow, DraftEntryRow, VersionEntryRow, VersionRow

#: Publishing and changing the draft exclude each other: a publication sees one draft from its check to its end.
DRAFT_LOCK = "draft"
_BATCH = 500  # bound parameters of one statement stay below the limits of both databases


def _batches(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))


def _identities(session: orm.Session, concepts: Sequence[Concept]) -> dict[str, int]:
    """Ids by code; identities that are new are inserted. Raises Conflict when a code or uuid names another concept."""
    statement = sa.select(ConceptRow.id, ConceptRow.code, ConceptRow.uuid, ConceptRow.kind)
    known = {row.code: row for row in session.execute(statement)}
    uuids = {row.uuid: row.code for row in known.values()}
    for concept in concepts:
        row = known.get(concept.code)
        if row is not None and (row.uuid, row.kind) != (concept.uuid, concept.kind):
            raise Conflict(
                f"{concept.code} is for ever the {row.kind} with the uuid {row.uuid}; codes are never used again. "
                "Give the new concept a new code."
            )
        if uuids.setdefault(concept.uuid, concept.code) != concept.code:
            raise Conflict(f"The uuid {concept.uuid} of {concept.code} belongs to {uuids[concept.uuid]}; leave it out.")
    fresh = [{"code": c.code, "uuid": c.uuid, "kind": c.kind} for c in concepts if c.code not in known]
    if fresh:
        session.execute(sa.insert(ConceptRow), fresh)
        known = {row.code: row for row in session.execute(statement)}
    return {code: row.id for code, row in known.items()}


def _contents(session: orm.Session, wanted: dict[tuple[int, str], str]) -> dict[tuple[int, str], int]:
    """Ids of the contents by (concept id, digest); those that are new are inserted."""
    found: dict[tuple[int, str], int] = {}

    def read() -> None:
        for batch in _batches(sorted({digest for _, digest in wanted})):
            statement = sa.select(ConceptVersionRow.id, ConceptVersionRow.concept_id, ConceptVersionRow.digest)
            for row in session.execute(statement.where(ConceptVersionRow.digest.in_(batch))):
                found[row.concept_id, row.digest] = row.id

    read()
    fresh = [{"concept_id": k[0], "digest": k[1], "content": text} for k, text in wanted.items() if k not in found]
    if fresh:
        session.execute(sa.insert(ConceptVersionRow), fresh)
        read()
    return found


def save_draft(session: orm.Session, actor: str, concepts: Iterable[Concept]) -> None:
    """Put these contents into the draft; other concepts stay as they are.

    Nothing is checked but identity (Conflict): the draft may be as unfinished as a draft is. ``actor`` is who did it.
    """
    lock(session, DRAFT_LOCK)
    chosen = [normalised(concept) for concept in concepts]
    identities = _identities(session, chosen)
    wanted = {}
    for concept in chosen:
        text = canonical_json(concept)
        wanted[identities[concept.code], digest_of(text)] = text.decode()
    contents = _contents(session, wanted)
    pointers = {concept_id: contents[concept_id, digest] for concept_id, digest in wanted}
    present = set(session.scalars(sa.select(DraftEntryRow.concept_id)))
    fresh = [{"concept_id": k, "concept_version_id": v} for k, v in pointers.items() if k not in present]
    moved = [{"concept_id": k, "concept_version_id": v} for k, v in pointers.items() if k in present]
    if fresh:
        session.execute(sa.insert(DraftEntryRow), fresh)
    if moved:
        session.execute(sa.update(DraftEntryRow), moved)
    session.flush()


def discard_draft(session: orm.Session, actor: str) -> None:
    """Set the draft back to the newest published version; what no version holds is deleted."""
    lock(session, DRAFT_LOCK)
    session.execute(sa.delete(DraftEntryRow))
    newest = sa.select(sa.func.max(VersionRow.id)).scalar_subquery()
    published = (
        sa.select(ConceptVersionRow.concept_id, ConceptVersionRow.id)
        .join(VersionEntryRow, VersionEntryRow.concept_version_id == ConceptVersionRow.id)
        .where(VersionEntryRow.version_id == newest)
    )
    session.execute(sa.insert(DraftEntryRow).from_select(["concept_id", "concept_version_id"], published))
    held = sa.select(VersionEntryRow.concept_version_id)
    session.execute(
        sa.delete(ConceptVersionRow).where(ConceptVersionRow.id.not_in(held)),
        execution_options={"synchronize_session": False},
    )
    remaining = sa.select(ConceptVersionRow.concept_id)
    session.execute(
        sa.delete(ConceptRow).where(ConceptRow.id.not_in(remaining)), execution_options={"synchronize_session": False}
    )

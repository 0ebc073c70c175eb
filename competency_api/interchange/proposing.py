"""Files as proposals: what a curator changed in a file becomes changes, and nothing else does.

A file is compared with what its editor saw, row by row: the content whose digest the row states, else that of the
version that the file was exported from. So cells that were left alone never undo what others changed since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import orm

from competency_api.accounts.values import Actor
from competency_api.core.errors import FieldError, InvalidInput
from competency_api.core.ids import new_uuid
from competency_api.curation.authoring.editing import create_proposal
from competency_api.curation.authoring.revisions import Proposal, ReadDraft
from competency_api.curation.changes.actions import Action, as_document
from competency_api.curation.changes.deriving import derived
from competency_api.formats.document import Document, Entry, Place, Problems
from competency_api.formats.reading.concepts import completed
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions import queries

_IN_CHANGES = "/changes/"


@dataclass(frozen=True)
class ProposalPlan:
    """The changes that a file makes, each with the row that it comes from; with ``problems`` there are none."""

    changes: tuple[Action, ...] = ()
    places: tuple[Place, ...] = ()
    unchanged: int = 0
    problems: Problems = field(default_factory=Problems)

    def as_json(self) -> dict[str, Any]:
        return {
            "changes": [as_document(action) for action in self.changes],
            "concepts_unchanged": self.unchanged,
            "problems": [str(problem) for problem in self.problems.found],
            "more_problems": self.problems.more,
        }


def plan_changes(
    session: orm.Session, documents: Sequence[Document], draft: Taxonomy, before: Taxonomy | None = None
) -> ProposalPlan:
    """What the files change. ``before`` is what they were exported from; None: the draft as it is. Writes nothing."""
    problems = Problems()
    for document in documents:
        problems.extend(document.problems, document.more_problems)
    entries = [entry for document in documents for entry in document.entries]
    if not entries and not len(problems):
        problems.add(Place(documents[0].source if documents else "import"), "There is no concept in it.")
    state = draft if before is None else before
    changes: list[Action] = []
    places: list[Place] = []
    codes: set[str] = set()
    for entry in entries:
        if entry.code in codes:
            problems.add(entry.place, f"{entry.code} stands twice.", entry.code)
        codes.add(entry.code)
        found = _changes_of(session, entry, state, draft, problems)
        changes += found
        places += [entry.place] * len(found)
    if len(problems):
        return ProposalPlan(problems=problems)
    return ProposalPlan(tuple(changes), tuple(places), len(entries) - len(set(places)))


def _changes_of(
    session: orm.Session, entry: Entry, state: Taxonomy, draft: Taxonomy, problems: Problems
) -> list[Action]:
    base, digest = state.get(entry.code), state.digests.get(entry.code, "")
    if entry.seen and entry.seen != digest:
        base, digest = _seen(session, entry, draft), entry.seen
        if base is None:
            message = f"{entry.code} never had a content with the digest of this row; export it again."
            problems.add(entry.place, message, entry.seen)
            return []
    wanted = completed(entry, base, new_uuid() if base is None else "")
    return derived(base, wanted, digest if digest != draft.digests.get(entry.code) else "")


def _seen(session: orm.Session, entry: Entry, draft: Taxonomy) -> Concept | None:
    if draft.digests.get(entry.code) == entry.seen:
        return draft[entry.code]
    return queries.find_content(session, entry.code, entry.seen)


def propose_documents(
    session: orm.Session, actor: Actor, title: str, rationale: str, plan: ProposalPlan, draft: ReadDraft
) -> Proposal:
    """Make a proposal of a plan. Raises InvalidInput, with the rows of the file, where it cannot be one."""
    if len(plan.problems):
        raise InvalidInput([FieldError(str(problem), pointer="") for problem in plan.problems.found])
    if not plan.changes:
        raise InvalidInput(FieldError("The file changes nothing: it says what its editor saw.", pointer=""))
    changes = [as_document(action) for action in plan.changes]
    try:
        return create_proposal(session, actor, title=title, rationale=rationale, changes=changes, draft=draft)
    except InvalidInput as error:
        raise InvalidInput([_placed(item, plan) for item in error.errors]) from error


def _placed(error: FieldError, plan: ProposalPlan) -> FieldError:
    """The error at the row that its change comes from."""
    number, _, rest = (error.pointer or "").removeprefix(_IN_CHANGES).partition("/")
    if not number.isdigit() or int(number) >= len(plan.places):
        return error
    return FieldError(f"{plan.places[int(number)]}: {f'/{rest}: ' if rest else ''}{error.message}", pointer="")

"""From two contents of a concept to the changes between them, as an author would have sent them.

For what comes as a whole (an import file, an edited table) where only what is different is meant.
"""

from __future__ import annotations

from typing import Any

import msgspec

from competency_api.curation.changes.actions import Action, Add, Edit, Restore, Retire
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.merge import edits_as_values
from competency_api.taxonomy.pointers import as_json, tokens

_NOT_EDITED = ("/meaning", "/retirement", "/uuid", "/kind")


def derived(base: Concept | None, wanted: Concept, seen: str = "") -> list[Action]:
    """The changes that make ``wanted`` of ``base``, which has the digest ``seen``; none when they are alike.

    A uuid or kind that differs is passed over: it never changes, and a table that leaves it out says nothing.
    """
    if base is None:
        return [Add(concept=as_json(wanted))]
    found: list[Action] = []
    if base.retirement is not None and base.retirement != wanted.retirement:
        found.append(Restore(code=base.code, seen=seen))  # what is retired is not edited
    values = edits_as_values(base, wanted)
    fields = {path: value for path, value in values.items() if not path.startswith(_NOT_EDITED)}
    if fields:
        raised = wanted.meaning > base.meaning
        found.append(Edit(code=base.code, seen=seen, fields=_patch(fields), changes_meaning=raised))
    if wanted.retirement is not None and wanted.retirement != base.retirement:
        content = msgspec.structs.asdict(wanted.retirement)
        found.append(Retire(code=base.code, seen=seen, **content))
    return found


def _patch(values: dict[str, Any]) -> dict[str, Any]:
    """Values by pointer as one merge patch (RFC 7396)."""
    patch: dict[str, Any] = {}
    for path, value in values.items():
        *parents, last = tokens(path)
        node = patch
        for parent in parents:
            node = node.setdefault(parent, {})
        node[last] = value
    return patch

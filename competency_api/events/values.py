"""Words and values of events: who may know of one, and how one is called."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from competency_api.accounts.values import Scope

#: ``noun.past-participle``
TYPE_PATTERN = r"^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$"
LONGEST_TYPE = 60
LONGEST_SUBJECT = 120

VERSION_PUBLISHED = "version.published"
VERSION_WITHDRAWN = "version.withdrawn"


def is_type(text: str) -> bool:
    return len(text) <= LONGEST_TYPE and re.fullmatch(TYPE_PATTERN, text) is not None


class Audience(StrEnum):
    """Who may know of an event, besides administrators of the deployment, who know of all."""

    PUBLIC = "public"
    CURATORS = "curators"
    ORGANISATION = "organisation"
    ADMINISTRATORS = "administrators"


@dataclass(frozen=True)
class Viewer:
    """Whoever reads the feed. Each sees what is public, and what is their own organisation's."""

    curates: bool = False
    organisation_id: int | None = None
    sees_all: bool = False


EVERYBODY = Viewer()
_CURATING = frozenset({Scope.PROPOSE, Scope.REVIEW, Scope.PUBLISH})


def viewer_with(scopes: frozenset[str], organisation_id: int | None) -> Viewer:
    """What those see who may do this: with one of the scopes of curating what curators see, outside with admin all."""
    sees_all = organisation_id is None and Scope.ADMIN in scopes
    return Viewer(curates=bool(scopes & _CURATING), organisation_id=organisation_id, sees_all=sees_all)


@dataclass(frozen=True)
class Event:
    """An event of the feed. ``position`` counts from 1 without a gap, in the order in which changes became visible.

    ``id`` is the same wherever the event arrives. ``touches`` is what it means for the organisation of the viewer,
    where that is known; ``is_own`` whether it is that organisation's event.
    """

    position: int
    id: str
    type: str
    subject: str
    at: dt.datetime
    actor: str
    data: Mapping[str, Any]
    touches: Mapping[str, Any] | None = None
    is_own: bool = False

"""Topics that come ready: the five of the World Café with which the partnership began, in six languages."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import orm

from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.workshops.models import WorkshopRow
from competency_api.workshops.topics.service import add_topic

_FOLDER = Path(__file__).parents[1] / "texts"
TEMPLATES = ("world-cafe",)


@cache
def template(name: str) -> tuple[dict[str, Any], ...]:
    """The topics of a template, as they would be sent. ``name`` is one of TEMPLATES."""
    text = (_FOLDER / f"{name.replace('-', '_')}.json").read_text("utf-8")
    return tuple(json.loads(text)["topics"])


def add_topics_of(session: orm.Session, workshop: WorkshopRow, name: str, taxonomy: Taxonomy) -> None:
    """Give a new workshop the topics of a template."""
    for topic in template(name):
        add_topic(session, workshop, topic, taxonomy)

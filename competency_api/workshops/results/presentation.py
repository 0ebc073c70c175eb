"""Results as they are answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from competency_api.core import clock
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.workshops import wording
from competency_api.workshops.models import TopicRow, WorkshopRow
from competency_api.workshops.presentation import option_document
from competency_api.workshops.ranking import Ranking
from competency_api.workshops.results.comparing import disagreements
from competency_api.workshops.results.counting import Count
from competency_api.workshops.values import State, topic_state_at


def is_provisional(workshop: WorkshopRow) -> bool:
    """While it is open, even a closed topic may be opened again."""
    return workshop.state in (State.DRAFT, State.OPEN)


def result_document(
    workshop: WorkshopRow,
    topic: TopicRow,
    count: Count,
    taxonomy: Taxonomy,
    numbers: Mapping[int, int],
    *,
    matrices: bool = True,
) -> dict[str, Any]:
    found = count.ranking
    return {
        "topic": topic.name,
        "question": wording.read(topic.question),
        "state": topic_state_at(topic.state, topic.closes_at, clock.now()).value,
        "provisional": is_provisional(workshop),
        "counted_at": clock.iso(count.counted_at),
        "activity": count.activity,
        "options": [option_document(option, taxonomy, numbers) for option in count.options],
        "overall": ranking_document(found.overall, matrices),
        "tables": {name: ranking_document(each, matrices) for name, each in found.tables.items()},
        "groups": {name: ranking_document(each, matrices) for name, each in found.groups.items()},
        "withheld": list(found.withheld),
        "agreement_of_tables": found.agreement_of_tables,
        "disagreements": [msgspec.to_builtins(pair) for pair in disagreements(found.tables)],
    }


def ranking_document(found: Ranking, matrices: bool) -> dict[str, Any]:
    """``share`` is of the Borda points that an option has which everybody places first, alone."""
    most = max(1, len(found.options) - 1)
    document: dict[str, Any] = {
        "ballots": found.ballots,
        "blank": found.blank,
        "agreement": found.agreement,
        "condorcet_winner": found.condorcet_winner,
        "standings": [
            {
                "option": standing.option,
                "place": standing.place,
                "borda": standing.borda,
                "share": standing.borda / (most * max(1, found.ballots)),
                "firmness": msgspec.to_builtins(standing.firmness),
            }
            for standing in found.standings
        ],
        "options": list(found.options),
    }
    return {**document, "matrix": found.above, "paths": found.paths} if matrices else document

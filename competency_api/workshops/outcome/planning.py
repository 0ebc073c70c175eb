"""What a topic's result would do to the taxonomy: computed without writing, shown, and then done as it was shown.

A need that the taxonomy lacks becomes a proposal to add it, a concept that came high or low a comment on it, and the
order of competencies, where a profile is asked for, the proposal of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from competency_api.core.errors import Conflict, FieldError, InvalidInput
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE, Concept
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.workshops.outcome import wording
from competency_api.workshops.outcome.expecting import expected_levels, highest, lowest
from competency_api.workshops.outcome.wording import Room
from competency_api.workshops.ranking import TopicRanking
from competency_api.workshops.ranking.results import FEWEST_FOR_FIRMNESS
from competency_api.workshops.wording import checked

ADD, COMMENT, PROFILE = "add", "comment", "profile"
#: What a profile stands under where others stand under the option that they came of: a topic makes one at most.
NO_OPTION = ""


class RankedOption(msgspec.Struct, frozen=True, kw_only=True):
    """An option as it was ranked: a concept by its code, or a need in participants' words; ``typed`` are those.

    ``table`` is the one that alone had it, if not all had.
    """

    concept: str | None
    texts: Mapping[str, str]
    typed: tuple[str, ...] = ()
    table: str | None = None


class RankedTopic(msgspec.Struct, frozen=True, kw_only=True):
    """A topic with its result. ``takes_needs``: what of it is no concept is something that the taxonomy may lack."""

    question: str
    takes_needs: bool
    options: Mapping[str, RankedOption]
    found: TopicRanking


class ProfileWanted(msgspec.Struct, frozen=True, kw_only=True):
    """The profile that is asked for: at most the first ``most`` competencies are expected of it."""

    labels: Mapping[str, str]
    definition: Mapping[str, str] = {}
    city_sizes: tuple[str, ...] = ()
    most: int | None = None


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become of a topic: of these ``options``, else of those among the first ``top`` and last ``bottom``.

    ``kind`` is what needs are to be.
    """

    options: tuple[str, ...] | None = None
    top: int = 3
    bottom: int = 3
    kind: str = "competency"
    profile: ProfileWanted | None = None


def wanted_in(body: Mapping[str, Any]) -> Wanted:
    """What a request asks for. Raises InvalidInput for what is no language."""
    members = {name: value for name, value in body.items() if name != "topic"}
    if "profile" in members:
        profile = dict(members["profile"])
        profile["labels"] = checked(profile["labels"], "/profile/labels", required=True)
        profile["definition"] = checked(profile.get("definition", {}), "/profile/definition")
        members["profile"] = profile
    return msgspec.convert(members, Wanted)


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that would be made: a proposal with this concept added, or a comment on the concept ``code``."""

    kind: str
    option: str
    title: str = ""
    text: str
    concept: dict[str, Any] | None = None
    code: str | None = None


def planned(room: Room, topic: RankedTopic, wanted: Wanted, draft: Taxonomy) -> list[Planned]:
    """In the order asked for, else of the places; the profile last. ``draft`` is the taxonomy that is proposed to.

    Raises InvalidInput for options that there are not or of which nothing follows, and Conflict for too few ballots.
    """
    if not topic.found.overall.ballots and not any(table.ballots for table in topic.found.tables.values()):
        raise Conflict("No ballot of this topic says anything: nothing follows from it.")
    chosen = _chosen(topic, wanted)
    steps = [_step(room, topic, wanted, draft, option) for option in chosen]
    found = [step for step in steps if step is not None]
    if wanted.profile is not None:
        found.append(_profile(room, topic, wanted.profile, draft))
    return found


def _chosen(topic: RankedTopic, wanted: Wanted) -> Sequence[str]:
    ranking = topic.found.overall
    if wanted.options is not None:
        _require_useful(topic, wanted.options)
        ranked = {standing.option for each in (ranking, *topic.found.tables.values()) for standing in each.standings}
        return [name for name in dict.fromkeys(wanted.options) if name in ranked]
    high = [standing.option for standing in highest(ranking, wanted.top)]
    if not any(option.concept for option in topic.options.values()):
        return []  # as methods and durations: what is high there is nothing that a taxonomy lacks, unless it is named
    low = [standing.option for standing in lowest(ranking, wanted.bottom)]
    # a need that came last is not one
    return [*high, *(option for option in low if option not in high and topic.options[option].concept)]


def _require_useful(topic: RankedTopic, options: Sequence[str]) -> None:
    errors = []
    for number, name in enumerate(options):
        pointer = f"/options/{number}"
        if name not in topic.options:
            message = f'The topic has no option "{printable(name)}".{did_you_mean(name, topic.options)}'
            errors.append(FieldError(message, pointer=pointer))
        elif topic.options[name].concept is None and not topic.takes_needs:
            message = f'"{name}" is neither a concept nor a need: nothing in the taxonomy follows from it.'
            errors.append(FieldError(message, pointer=pointer))
    if errors:
        raise InvalidInput(errors)


def _step(room: Room, topic: RankedTopic, wanted: Wanted, draft: Taxonomy, name: str) -> Planned | None:
    option = topic.options[name]
    standing = wording.standing_said(topic.question, topic.found, name, option.table)
    if option.concept is not None:
        if option.concept not in draft:
            return None
        text = wording.comment_on_concept(room, standing, option.typed)
        return Planned(kind=COMMENT, option=name, text=text, code=option.concept)
    if not topic.takes_needs:
        return None
    return Planned(
        kind=ADD,
        option=name,
        title=wording.title_of_need(_spoken(option.texts), room),
        text=wording.rationale_of_need(room, standing, option.typed),
        concept=_concept(room, wanted.kind, option.texts),
    )


def _spoken(texts: Mapping[str, str]) -> str:
    return texts.get(REFERENCE_LANGUAGE) or next(iter(texts.values()))


def _concept(room: Room, kind: str, labels: Mapping[str, str], **members: Any) -> dict[str, Any]:
    """A new concept as an ``add`` sends it, with the workshop as its source."""
    others = [tag for tag in labels if tag != REFERENCE_LANGUAGE]
    return {
        "kind": kind,
        "labels": {tag: {"preferred": text} for tag, text in labels.items()},
        **({"translations": dict.fromkeys(others, "draft")} if others else {}),
        "sources": [
            {"title": f"Workshop: {room.title}", "publisher": room.organiser, "year": room.year, "url": room.url}
        ],
        **members,
    }


def _profile(room: Room, topic: RankedTopic, wanted: ProfileWanted, draft: Taxonomy) -> Planned:
    competencies = {
        name: option.concept
        for name, option in topic.options.items()
        if option.concept is not None and _is_expectable(draft.get(option.concept))
    }
    levels = expected_levels(topic.found.overall, competencies, wanted.most)
    if not levels:
        needed = f"competencies and at least {FEWEST_FOR_FIRMNESS} ballots"
        raise Conflict(f"No levels follow from this result: a profile needs {needed}.")
    codes = {option: competencies[option] or "" for option in levels}
    lines = [(option, f"{codes[option]} {draft[codes[option]].name}", level) for option, level in levels.items()]
    content = _concept(
        room,
        "profile",
        wanted.labels,
        **({"definition": dict(wanted.definition)} if wanted.definition else {}),
        **({"attributes": {"city_sizes": list(wanted.city_sizes)}} if wanted.city_sizes else {}),
        relations={"expects": [{"code": codes[option], "level": level} for option, level in levels.items()]},
    )
    return Planned(
        kind=PROFILE,
        option=NO_OPTION,
        title=wording.title_of_profile(_spoken(wanted.labels), room),
        text=wording.rationale_of_profile(room, topic.question, topic.found, lines),
        concept=content,
    )


def _is_expectable(concept: Concept | None) -> bool:
    return concept is not None and concept.kind == "competency" and concept.retirement is None

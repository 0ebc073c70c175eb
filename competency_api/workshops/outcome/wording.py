"""How a result is told to those who decide about the taxonomy: in English sentences with all their figures.

They become rationales and comments of curation, which are read beside those of people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from competency_api.workshops.ranking import Firmness, Ranking, Standing, TopicRanking

_LONGEST_TITLE = 200


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """Which workshop it was: ``on`` is its first day where it took place (``2018-12-12``), ``url`` its result page."""

    title: str
    place: str
    on: str
    organiser: str
    url: str

    @property
    def name(self) -> str:
        """``“City needs” (Valencia, 2018-12-12)``"""
        around = ", ".join(part for part in (self.place, self.on) if part)
        return f"“{self.title}” ({around})"

    @property
    def year(self) -> int:
        return int(self.on[:4])


def title_of_need(need: str, room: Room) -> str:
    return _shortened(f"New: {need} (from the workshop “{room.title}”)")


def title_of_profile(label: str, room: Room) -> str:
    return _shortened(f"Profile: {label} (from the workshop “{room.title}”)")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 1]}…"


def rationale_of_need(room: Room, standing: str, typed: Sequence[str]) -> str:
    """Why a need should become a concept: what was typed, and where it came, by :func:`standing_said`."""
    heads = [f"Participants of the workshop {room.name} named this need, which the taxonomy lacks."]
    if typed:
        heads.append(f"As typed: {_quoted(typed)}.")
    return "\n\n".join([*heads, standing, f"Results: {room.url}"])


def comment_on_concept(room: Room, standing: str, typed: Sequence[str]) -> str:
    """What the room says about a concept that is there already, with the needs that were merged with it."""
    heads = [f"The workshop {room.name} ranked this concept."]
    if typed:
        heads.append(f"Participants also called it: {_quoted(typed)}.")
    return "\n\n".join([*heads, standing, f"Results: {room.url}"])


def rationale_of_profile(room: Room, question: str, found: TopicRanking, levels: Iterable[tuple[str, str, int]]) -> str:
    """Why a profile expects what it does; ``levels`` are (option, its name, expected level) in the order of places."""
    ranking = found.overall
    rule = (
        "The levels follow from the places by a rule, and are a first proposal: 4 for the first quarter of all places, "
        "3, 2 and 1 for the next ones. Taken is the last place that a concept has to be reckoned with: that of its "
        "tie, or the last in nine of ten draws of the ballots."
    )
    by_option = {standing.option: standing for standing in ranking.standings}
    places = {option: f"place {standing.place} of {len(ranking.options)}" for option, standing in by_option.items()}
    lines = [f"- {name}: level {level}, {places[option]}" for option, name, level in levels]
    asked = f"The workshop {room.name} ranked what this profile needs. {_asked(question, ranking)}"
    return "\n\n".join([asked, rule, "\n".join(lines), f"Results: {room.url}"])


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(f"“{text}”" for text in texts)


def standing_said(question: str, found: TopicRanking, option: str, table: str | None = None) -> str:
    """Where an option came, overall and at each table, how firm that is, and how far the tables agree.

    ``table`` is the one that alone had the option, if it was not one of all.
    """
    ranking = found.overall if table is None else found.tables[table]
    parts = [f"{_asked(question, ranking, table)} It came {_place(_standing(ranking, option), ranking)}."]
    if ranking.condorcet_winner == option:
        parts.append("It beats every other option in direct comparison.")
    return "\n".join(parts if table is not None else [*parts, *_at_tables(found, option)])


def _at_tables(found: TopicRanking, option: str) -> Iterator[str]:
    tables = {name: _standing(table, option) for name, table in found.tables.items() if table.ballots}
    if len(tables) > 1:
        said = (f"{name}: place {s.place} ({_ballots(found.tables[name].ballots)})" for name, s in tables.items())
        yield f"At the tables: {', '.join(said)}."
    if found.agreement_of_tables is not None:
        yield f"Agreement of the tables (Kendall's W): {found.agreement_of_tables:.2f}."


def _asked(question: str, ranking: Ranking, table: str | None = None) -> str:
    where = "" if table is None else f" at table {table} alone"
    return f"Asked was{where}: “{question}” ({_ballots(ranking.ballots)}, {len(ranking.options)} options)."


def _place(standing: Standing, ranking: Ranking) -> str:
    """``in place 2 of 14, with 71 % of …``"""
    share = round(100 * share_of(standing, ranking))
    said = f"in place {standing.place} of {len(ranking.options)}, with {share} % of the points that one option can have"
    return said + (_firm(standing.firmness) if standing.firmness else "")


def _firm(firmness: Firmness) -> str:
    held = round(100 * firmness.held)
    where = "from" if firmness.best != firmness.worst else "in"
    until = f" to {firmness.worst}" if firmness.best != firmness.worst else ""
    return f"; drawn again, {where} place {firmness.best}{until} in nine of ten, and in this one in {held} of 100"


def share_of(standing: Standing, ranking: Ranking) -> float:
    """Borda points as a share (0 to 1) of the most that one option can have: to be first on every ballot."""
    most = ranking.ballots * (len(ranking.options) - 1)
    return standing.borda / most if most else 0.0


def _standing(ranking: Ranking, option: str) -> Standing:
    return next(standing for standing in ranking.standings if standing.option == option)


def _ballots(count: int) -> str:
    return "1 ballot" if count == 1 else f"{count} ballots"

"""The result of a topic, counted once for each state of its ballots and kept in memory."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core import clock
from competency_api.workshops import queries, wording
from competency_api.workshops.models import BallotRow, OptionRow, TopicRow
from competency_api.workshops.ranking import Ballot, Ranking, TopicRanking, rank, rank_topic

#: Results of topics that a process keeps.
_KEPT = 500


@dataclass(frozen=True)
class Count:
    """What was counted, from which options, at which activity of the topic."""

    options: Sequence[OptionRow]
    ranking: TopicRanking
    activity: int
    counted_at: dt.datetime


class Counts:
    """The counts that a process remembers. Safe to use from many threads."""

    def __init__(self) -> None:
        self._counts: OrderedDict[int, Count] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, session: orm.Session, topic: TopicRow, numbers: Mapping[int, int]) -> Count:
        """The result of the topic as this session sees it. ``numbers`` are those of the tables, by their ids."""
        with self._lock:  # whoever comes meanwhile wants the same
            known = self._counts.get(topic.id)
            if known is None or known.activity != topic.activity:
                known = count_topic(session, topic, numbers)
                self._counts[topic.id] = known
            self._counts.move_to_end(topic.id)
            while len(self._counts) > _KEPT:
                self._counts.popitem(last=False)
            return known


def count_topic(session: orm.Session, topic: TopicRow, numbers: Mapping[int, int]) -> Count:
    options, ballots = queries.options_of(session, topic), cast_ballots(session, topic, numbers)
    own: dict[str, list[str]] = {}
    for option in options:
        if option.table_id is not None:
            own.setdefault(str(numbers[option.table_id]), []).append(option.name)
    shared = [option.name for option in options if option.table_id is None]
    return Count(options, ranked(shared, own, ballots), topic.activity, clock.now())


def cast_ballots(session: orm.Session, topic: TopicRow, numbers: Mapping[int, int]) -> list[Ballot]:
    """The ballots of a topic. ``numbers`` are those of the tables, by their ids."""
    rows = session.execute(
        sa.select(BallotRow.levels, BallotRow.table_id, BallotRow.role).where(BallotRow.topic_id == topic.id)
    )
    return [
        Ballot(levels=tuple(map(tuple, wording.read(levels))), table=str(numbers[table_id]), group=role)
        for levels, table_id, role in rows
    ]


def places_of_all(session: orm.Session, topic: TopicRow, numbers: Mapping[int, int]) -> tuple[list[OptionRow], Ranking]:
    """The options that all tables have, and where they came: without firmness, which takes most of the time."""
    options = [option for option in queries.options_of(session, topic) if option.table_id is None]
    names = frozenset(option.name for option in options)
    ballots = [_cut(ballot, names) for ballot in cast_ballots(session, topic, numbers)]
    return options, rank([option.name for option in options], ballots, resamples=0)


def ranked(shared: Sequence[str], own: Mapping[str, Sequence[str]], ballots: Sequence[Ballot]) -> TopicRanking:
    """The result where tables have options of their own: those count in their table's result and in no other.

    Nobody else could rank them, and an option that most ballots leave out would be last for no reason of theirs.
    """
    common = frozenset(shared)
    cut = [_cut(ballot, common) for ballot in ballots] if own else ballots
    result = rank_topic(shared, cut)
    tables = dict(result.tables)
    for table, names in own.items():
        of_table = [ballot for ballot in ballots if ballot.table == table]
        if of_table:
            tables[table] = rank([*shared, *names], of_table)
    return msgspec.structs.replace(result, tables={name: tables[name] for name in sorted(tables, key=int)})


def _cut(ballot: Ballot, options: frozenset[str]) -> Ballot:
    levels = (tuple(name for name in level if name in options) for level in ballot.levels)
    return msgspec.structs.replace(ballot, levels=tuple(level for level in levels if level))

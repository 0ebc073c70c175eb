"""What a room wants, from its ballots. Pure: no database, no web, the same ballots have the same result anywhere.

A ballot is a weak order of the options of a topic (:mod:`.ballots`). Ballots are counted by pairs of options
(:mod:`.pairs`), pairs give the order by Schulze's method (:mod:`.schulze`), repeated counts of ballots drawn at random
say how firm that order is (:mod:`.firmness`), Kendall's W how much people or tables agree (:mod:`.agreement`), and
:mod:`.results` puts it together for a topic, its tables and its groups. docs/reference/ranking.md explains the figures
to those who read them.

Arrays are numpy's. Their axes: a **level matrix** is [ballot, option] with the level of the option on the ballot, 0
the best; **pair counts** are [a, b], the number of ballots that place a above b; what is computed for many resamples at
once has them on a last axis.
"""

from competency_api.workshops.ranking.ballots import Ballot, read_ballot
from competency_api.workshops.ranking.results import (
    Firmness,
    Ranking,
    Standing,
    TopicRanking,
    rank,
    rank_topic,
    shown_groups,
)

__all__ = [
    "Ballot",
    "Firmness",
    "Ranking",
    "Standing",
    "TopicRanking",
    "rank",
    "rank_topic",
    "read_ballot",
    "shown_groups",
]

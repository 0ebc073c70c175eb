"""The partnership's session of 2018 as it could have been: six tables, sixty participants, five topics, over HTTP.

Who wants what is made up, with a fixed seed: each table leans towards its own challenge, roles differ a little, most
people rank a handful of options, some tie, a few send nothing but a blank ballot. The names of the concepts are real.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.workshops.ranking import Ballot
from tests.support.asking import Service
from tests.support.keys import a_key, an_administrator, an_organisation, bearer

TOKEN = "Participant-Token"
CODE = "valencia-2018"
TABLES, SEATS = 6, 10
CHALLENGES = ("X001", "X002", "X003", "X004", "X005", "X006")
ROLES = ("city", "city", "city", "company", "company", "company", "university", "university", "cluster", None)
#: A need that the taxonomy lacks, released to everyone, and what it is called then.
COMMON_NEED = "Speak with neighbourhoods in their own languages"
COMMON = "need-speak-with-neighbourhoods-in-their-own-languages"
#: What each table leans towards, by the beginning of the names of options; everybody leans towards the first ones.
LIKED = {
    "contents": ("C002", "C013", "C017", "C015", COMMON, "C011", "C022", "C005"),
    "methodology": ("learning-by-doing", "case-studies", "peer-exchange", "study-visits"),
    "duration": ("three-weekends", "three-months", "one-week"),
    "framework": ("university-certificate", "professional-association", "european-framework"),
    "population": ("programme-managers", "civil-society", "procurement-officers"),
}
OWN = (
    ("C033", "C004", "C032"),
    ("C021", "C022", "C060"),
    ("C003", "C015", "C014"),
    ("C017", "C018", "C019"),
    ("C045", "C044", "C015"),
    ("C013", "C046", "C012"),
)
Levels = list[list[str]]


@dataclass
class Session:
    """A running service, and the keys and tokens of a workshop in it."""

    service: Service
    key: str
    codes: dict[int, str] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    #: Tokens with the table and the role of their participants.
    people: list[tuple[str, int, str | None]] = field(default_factory=list)
    #: Every ballot that was taken, by topic.
    cast: dict[str, list[Ballot]] = field(default_factory=dict)

    @property
    def site(self) -> str:
        """The origin of its pages."""
        return self.service.site

    def call(self, method: str, path: str, body: Any = None, **fields: str) -> tuple[Any, Mapping[str, str]]:
        """JSON and header fields of the answer. Raises Refused."""
        return self.service.call(method, path, body, **fields)

    def ask(self, method: str, path: str = "", body: Any = None, key: str = "", **fields: str) -> Any:
        """Of the workshop, with the organiser's key unless another is given."""
        return self.call(method, f"/workshops/{CODE}{path}", body, **bearer(key or self.key, **fields))[0]

    def act(self, path: str, body: Any = None) -> Any:
        """A step from the state that is there."""
        shown = f"/workshops/{CODE}{path.rpartition('/')[0]}"
        tag = self.call("GET", shown, **bearer(self.key))[1]["ETag"]
        return self.ask("POST", path, body, If_Match=tag)

    # -- preparing ---------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """The workshop with its tables, and a key for each of those who facilitate them. It is
        today's: keys of tables are good until a day after the end."""
        begins = dt.datetime.now(dt.UTC).replace(hour=8, minute=0, second=0, microsecond=0)
        agenda = [{**entry, "at": _at(begins, entry["at"])} for entry in WORKSHOP["agenda"]]
        times = {"starts_at": _at(begins, 0), "ends_at": _at(begins, 240), "agenda": agenda}
        self.call("POST", "/workshops", WORKSHOP | times, **bearer(self.key))
        for number, challenge in enumerate(CHALLENGES, 1):
            self.ask("POST", "/tables", {"challenge": challenge})
            self.codes[number] = self.ask("GET", f"/tables/{number}")["join_code"]
            self.keys[number] = self.ask("POST", f"/tables/{number}/key", {})["secret"]

    # -- the room ----------------------------------------------------------------------------------------------------

    def join(self, table: int, role: str | None) -> str:
        body = {"code": self.codes[table], **({"role": role} if role else {})}
        token = str(self.call("POST", "/workshops/participants", body)[0]["token"])
        self.people.append((token, table, role))
        return token

    def fill(self, absent: Mapping[int, int]) -> None:
        """Everybody joins at once, but for so many at a table who come in browsers."""
        seats = [(table, ROLES[seat]) for table in self.codes for seat in range(absent.get(table, 0), SEATS)]
        self.service.at_once(lambda seat: self.join(*seat), seats)
        self.people.sort(key=lambda person: (person[1], str(person[2])))

    def change_tables(self) -> None:
        """As between the rounds of a World Café: everybody sits down at the next table. Ballots stay where they are."""
        following = {table: table % len(self.codes) + 1 for table in self.codes}

        def move(token: str, table: int) -> None:
            path = f"/workshops/{CODE}/participants/me"
            self.call("PATCH", path, {"code": self.codes[following[table]]}, **{TOKEN: token})

        self.service.at_once(lambda person: move(*person[:2]), self.people)
        self.people = [(token, following[table], role) for token, table, role in self.people]

    def vote(self, topic: str) -> None:
        """Everybody who has a token ranks the topic, all at once."""
        options = [option["name"] for option in self.ask("GET", f"/topics/{topic}")["options"] if not option["table"]]
        wanted = [
            (token, table, role, wish(random.Random(f"{topic} {number}"), topic, table, options))
            for number, (token, table, role) in enumerate(self.people)
        ]
        self.service.at_once(lambda one: self._cast(topic, one[0], one[3]), wanted)
        for _, table, role, levels in wanted:
            self.note(topic, table, role, levels)

    def _cast(self, topic: str, token: str, levels: Levels) -> None:
        path = f"/workshops/{CODE}/topics/{topic}/ballots/mine"
        self.call("PUT", path, {"levels": levels}, **{TOKEN: token})

    def need(self, table: int, text: str) -> str:
        """The id of what somebody at the table types."""
        token = next(token for token, at, _ in self.people if at == table)
        path = f"/workshops/{CODE}/topics/contents/needs"
        return str(self.call("POST", path, {"text": text, "language": "en"}, **{TOKEN: token})[0]["id"])

    def note(self, topic: str, table: int, role: str | None, levels: Levels) -> None:
        """Remember a ballot, to count it again."""
        ballot = Ballot(levels=tuple(map(tuple, levels)), table=str(table), group=role)
        self.cast.setdefault(topic, []).append(ballot)


def wish(chance: random.Random, topic: str, table: int, options: Sequence[str]) -> Levels:
    """What somebody at the table would rank: mostly what is liked there, never everything."""
    if chance.random() < 0.03:
        return []
    liked = [*(OWN[table - 1] if topic == "contents" else ()), *LIKED[topic]]
    weights = {name: 1 / (2 + liked.index(name)) if name in liked else 0.006 for name in options}
    order = sorted(options, key=lambda name: chance.random() ** (1 / weights[name]), reverse=True)
    levels: Levels = []
    for name in order[: chance.randint(3, 8)]:
        if levels and chance.random() < 0.15:
            levels[-1].append(name)
        else:
            levels.append([name])
    return levels


@contextmanager
def a_session(environ: Mapping[str, str]) -> Iterator[Session]:
    """A prepared session in the service that runs with these settings."""
    database = Database(Settings.from_env(environ))
    try:
        an_administrator(database)
        an_organisation(database, "valencia", "partner")
        key, _ = a_key(database, "workshops", "propose", organisation="valencia")
    finally:
        database.close()
    with Service(f"http://127.0.0.1:{environ['PORT']}") as asked:
        session = Session(asked, key)
        session.prepare()
        yield session


def _at(begins: dt.datetime, minutes: int) -> str:
    return (begins + dt.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


WORKSHOP: dict[str, Any] = {
    "code": CODE,
    "template": "world-cafe",
    "title": {
        "en": "Competences for smart city programme managers",
        "es": "Competencias para quien dirige programas de ciudad inteligente",
    },
    "purpose": {
        "en": "Teams at six tables debate a challenge each and rank what a programme manager needs: for one strategy.",
        "es": "Equipos en seis mesas debaten un reto cada uno y ordenan lo que se necesita: para una estrategia común.",
    },
    "place": {"en": "Valencia, an example", "es": "Valencia, un ejemplo"},
    "time_zone": "Europe/Madrid",
    "languages": ["en", "es"],
    # minutes after the beginning
    "agenda": [
        {"at": 0, "title": {"en": "Welcome, and what happens here", "es": "Bienvenida"}},
        {"at": 30, "title": {"en": "World Café: six challenges", "es": "World Café: seis retos"}},
        {"at": 150, "title": {"en": "Ranking", "es": "Ordenar"}},
        {"at": 210, "title": {"en": "Conclusions in the plenary", "es": "Conclusiones en el plenario"}},
    ],
}
#: What each table concluded on contents.
CONCLUSIONS = (
    "Teams of several disciplines fail less by skill than by having nobody who leads them. Leading them comes first.",
    "Technology is judged best before it is bought: by interoperability, and by who can leave it again.",
    "A business model that names who pays after the pilot is worth more than any forecast.",
    "Data protection is a way of designing, not a form at the end. It belongs in every course.",
    "Value in data is found together with those it is about, or not at all.",
    "Whether to invest alone or together is decided by who can carry which risk.",
)
PLENARY = (
    "The tables agree: whoever leads a programme must manage it, decide about partnership, and protect data.\n"
    "They differ on technology and finance, as their challenges do. All prefer learning by doing to lectures."
)

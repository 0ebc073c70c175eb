"""A catalogue of courses that looks like one, over the starter taxonomy: for pages that people look at."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from competency_api.accounts.service import create_organisation
from competency_api.accounts.values import COMMAND_LINE
from competency_api.core.config import Settings
from competency_api.core.db import Database
from tests.support.courses import put_mappings, teaches
from tests.support.keys import a_key, an_administrator, bearer
from tests.support.published import serving

PROVIDERS = {"gov": "School of Public Administration", "porto": "Universidade do Porto"}
QUOTED = "a data protection impact assessment that participants write themselves"
DESCRIPTION = (
    "Two days on how a city buys what does not exist yet: market consultation, procurement of innovation, and "
    f"contracts that share the risk.\n\nOne day on the data that such systems collect, with {QUOTED}."
)
_SPAN = f"description@en:{DESCRIPTION.index(QUOTED)}-{len(DESCRIPTION) - 1}"
_COURSES: tuple[tuple[str, str, dict[str, Any], list[dict[str, Any]]], ...] = (
    (
        "gov",
        "SC-101",
        {
            "title": {"en": "Procuring smart services", "es": "Contratar servicios inteligentes"},
            "description": {"en": DESCRIPTION},
            "url": "https://gov.example/courses/sc-101",
            "modality": "blended",
            "hands_on": 40,
            "hours": 22.5,
            "languages": ["en", "es"],
            "population": {"en": "Programme managers and procurement officers"},
            "price": {"amount": 480, "currency": "EUR"},
            "dates": [{"starts": "2027-01-11", "ends": "2027-01-13"}, {"starts": "2027-05-03", "ends": None}],
        },
        [
            {
                "concept": "C017",
                "relation": "teaches",
                "level": 2,
                "evidence_span": _SPAN,
            },
            {"concept": "C018", "relation": "teaches", "level": 3, "hours": 12, "evidence": "Module 2, exercise 4"},
            {"concept": "C001", "relation": "assesses", "level": 2, "version": "1.0.0"},
            {"concept": "T001", "relation": "requires"},
        ],
    ),
    (
        "porto",
        "D/7",
        {
            "title": {"pt": "Governação de dados urbanos"},
            "description": {"pt": "De quem são os dados de uma cidade, e quem responde por eles."},
            "modality": "online",
            "hours": 30,
            "languages": ["pt"],
            "price": {"amount": 0, "currency": "EUR"},
        },
        [{"concept": "C017", "relation": "teaches", "level": 3}],
    ),
    (
        "porto",
        "E/1",
        {"title": {"el": "Έξυπνες πόλεις"}, "modality": "classroom", "languages": ["el"]},
        [{"concept": "C017", "relation": "requires", "level": 1}],
    ),
)
#: As many more, so that the catalogue has a second page.
_MORE = 22


def stack(database_url: str) -> None:
    """Put providers and courses into a database that holds the starter; one of the courses is private."""
    database = Database(Settings(database_url=database_url))
    an_administrator(database)
    keys = {}
    for code, name in PROVIDERS.items():
        with database.transaction() as session:
            create_organisation(session, COMMAND_LINE, code, name, "provider")
        keys[code] = a_key(database, "courses", organisation=code)[0]
    database.close()
    with serving(Settings(database_url=database_url)) as client:
        for code, own, course, mappings in _COURSES:
            put_mappings(client, keys[code], _put(client, keys[code], code, own, course), *mappings)
        secret = {"title": {"en": "Behind closed doors"}, "visibility": "private"}
        put_mappings(client, keys["gov"], _put(client, keys["gov"], "gov", "SECRET", secret), teaches("C017", level=4))
        for number in range(1, _MORE + 1):
            title = {"en": f"Workshop {number} for new programme managers"}
            _put(client, keys["gov"], "gov", f"W-{number}", {"title": title, "modality": "hands-on", "hours": number})


def _put(client: FlaskClient, key: str, provider: str, own: str, course: dict[str, Any]) -> str:
    address = f"/api/v1/providers/{provider}/courses/{own}"
    answer = client.put(address, json=course, headers=bearer(key))
    assert answer.status_code == 201, answer.text
    return address

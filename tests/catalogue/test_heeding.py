"""No parameter is passed over in silence: a format heeds it, or refuses it by name."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

V = "/api/v1/versions"
REFUSED = [
    ("1.0.0/concepts.csv", "limit", "1"),
    ("1.0.0/concepts.csv", "cursor", "x"),
    ("1.0.0/concepts.csv", "sort", "label"),
    ("1.0.0/concepts.csv", "fields", "code"),
    ("1.0.0/concepts.csv", "include", "requires"),
    ("1.0.0/concepts.csv", "lang", "es"),
    ("1.0.0/changes/1.1.0.csv", "limit", "1"),
    ("1.0.0/changes/1.1.0.csv", "cursor", "x"),
    ("1.0.0/changes/1.1.0.csv", "lang", "es"),
    ("1.0.0/changes/1.1.0.html", "limit", "1"),
    ("1.0.0/changes/1.1.0.html", "cursor", "x"),
    ("1.0.0/concepts/C001.html", "fields", "code"),
    ("1.0.0/concepts/C001.html", "include", "requires"),
]


@pytest.mark.parametrize(("path", "parameter", "value"), REFUSED)
def test_a_parameter_that_the_format_does_not_heed_is_refused_by_name(
    two_versions: FlaskClient, path: str, parameter: str, value: str
) -> None:
    response = two_versions.get(f"{V}/{path}?{parameter}={value}")
    assert response.status_code == 422, response.text
    [error] = response.get_json()["errors"]
    assert error["parameter"] == parameter
    assert path.rpartition(".")[2].upper() in error["detail"]
    assert ".json" in error["detail"]


@pytest.mark.parametrize(
    "path",
    ["1.0.0/concepts.csv?limit=all&sort=code&kind=profile", "1.0.0/changes/1.1.0.csv?limit=all&lang=en&type=added",
     "1.0.0/changes/1.1.0.html?limit=all&lang=es", "1.0.0/concepts/C001.html?lang=es"],
)  # fmt: skip
def test_what_the_format_does_anyway_may_be_asked_for(two_versions: FlaskClient, path: str) -> None:
    assert two_versions.get(f"{V}/{path}", follow_redirects=True).status_code == 200


def test_it_does_not_matter_how_the_format_was_chosen(two_versions: FlaskClient) -> None:
    response = two_versions.get(f"{V}/1.0.0/concepts/C001?fields=code", headers={"Accept": "text/html"})
    assert response.status_code == 422
    assert two_versions.get(f"{V}/1.0.0/concepts/C001?fields=code").status_code == 200


def heeded(client: FlaskClient, address: str, parameter: str, value: str) -> bool:
    """Whether the parameter changes the answer, or is refused."""
    mark = "&" if "?" in address else "?"
    plain, asked = client.get(address), client.get(f"{address}{mark}{parameter}={value}")
    return asked.status_code == 422 or asked.data != plain.data


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("limit", "1"),
        ("sort", "label"),
        ("fields", "code"),
        ("include", "requires"),
        ("lang", "es"),
        ("kind", "profile"),
    ],
)
@pytest.mark.parametrize("path", ["1.0.0/concepts.json?codes=C003,X001,B001", "1.0.0/concepts.csv?codes=C003,R001"])
def test_every_parameter_does_something_in_every_format(
    two_versions: FlaskClient, path: str, parameter: str, value: str
) -> None:
    assert heeded(two_versions, f"{V}/{path}", parameter, value)

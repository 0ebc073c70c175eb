"""Whole versions as files over HTTP."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from competency_api.formats import FORMATS

V = "/api/v1/versions"


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_download_says_what_it_is_and_holds_everything(two_versions: FlaskClient, name: str) -> None:
    response = two_versions.get(f"{V}/1.0.0/export/{name}")
    digest = two_versions.get(f"{V}/1.0.0").get_json()["digest"]
    file = f"smart-city-competencies-1.0.0-{digest[:12]}{FORMATS[name].suffix}"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{file}"'
    assert response.mimetype == FORMATS[name].media_type
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    document = FORMATS[name].load(response.data, "download")
    assert (document.problems, len(document.entries)) == ((), 10)


def test_the_header_of_a_download_names_version_licence_and_origin(starter: FlaskClient) -> None:
    header = FORMATS["json"].load(starter.get(f"{V}/latest/export/json").data, "download").header
    assert header is not None
    assert (header.number, header.digest) == ("2.0.0", starter.get(f"{V}/2.0.0").get_json()["digest"])
    assert "CC BY 4.0" in header.licence
    assert any("783412" in notice for notice in header.notices)
    assert any("ESCO" in notice for notice in header.notices)


def test_a_download_of_an_alias_names_the_exact_one(two_versions: FlaskClient) -> None:
    assert two_versions.get(f"{V}/1/export/csv").headers["Content-Location"] == f"{V}/1.1.0/export/csv"


def test_an_unknown_format_lists_those_that_there_are(two_versions: FlaskClient) -> None:
    response = two_versions.get(f"{V}/1.0.0/export/jsno")
    assert response.status_code == 404
    assert 'Did you mean "json"?' in response.get_json()["detail"]
    assert response.get_json()["available"] == list(FORMATS)
    assert two_versions.get(f"{V}/1.0.0/export/json.gz").status_code == 404

"""Concepts of the controlled lists that the European Learning Model takes, as nodes of JSON-LD.

The authority tables of the Publications Office (https://publications.europa.eu/resource/authority/): languages by their
code of three letters (ISO 639-3), currencies by ISO 4217; and Europass' modes of learning and assessment.
"""

from __future__ import annotations

from typing import Any

from langcodes import Language

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_MODES = "http://data.europa.eu/snb/learning-assessment/"
#: The list has no "hands-on": who learns by doing is there.
_MODE_OF = {"online": "920fbb3cbe", "classroom": "9191af2ed9", "blended": "e92d221e4d", "hands-on": "9191af2ed9"}
_UNDETERMINED = "UND"


def _of(scheme: str, concept: str) -> dict[str, Any]:
    return {
        "@id": concept,
        "@type": "skos:Concept",
        "skos:inScheme": {"@id": scheme, "@type": "skos:ConceptScheme"},
    }


def language(tag: str) -> dict[str, Any]:
    """The language of a tag without its region or script; one that has no code is undetermined."""
    try:
        code = Language.get(tag).to_alpha3().upper()
    except LookupError:
        code = _UNDETERMINED
    return _of(f"{_AUTHORITY}language", f"{_AUTHORITY}language/{code}")


def currency(code: str) -> dict[str, Any]:
    return _of(f"{_AUTHORITY}currency", f"{_AUTHORITY}currency/{code}")


def mode(modality: str | None) -> dict[str, Any] | None:
    return _of(f"{_MODES}25831c2", f"{_MODES}{_MODE_OF[modality]}") if modality else None


#: "Provisional data", as the table calls what is not known.
UNTOLD_COUNTRY = _of(f"{_AUTHORITY}country", f"{_AUTHORITY}country/OP_DATPRO")

"""What machines that read pages are told: schema.org as JSON-LD."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from msgspec import json

from competency_api.pages.content.citing import NAME
from competency_api.pages.prose.speech import plain

_CONTEXT = "https://schema.org"


def as_script(document: dict[str, Any]) -> Markup:
    """The document as the text of a data block; ``<`` is escaped, so that no text in it can end the block."""
    text = (
        json.encode(document).decode().replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    )
    return Markup(text)  # noqa: S704 - JSON without a single <


def concept(document: dict[str, Any], page: str, release: str, language: str) -> dict[str, Any]:
    """A concept, from how the API shows it in one language, with the addresses of its page and of its version's."""
    same = [entry["uri"] for entry in document["alignments"] if entry["match"] == "exact"]
    labels = document["labels"]
    described: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "DefinedTerm",
        "@id": document["uri"],
        "url": page,
        "inLanguage": language,
        "termCode": document["code"],
        "name": plain(labels["preferred"], document["code"]),
        "description": plain(document["definition"]),
        "alternateName": [entry["text"] for entry in labels["alternative"]],
        "sameAs": same,
        "inDefinedTermSet": {"@type": "DefinedTermSet", "@id": release, "name": NAME, "version": document["version"]},
    }
    return {name: value for name, value in described.items() if value}


def site(base_url: str, home: str, search: str, language: str) -> dict[str, Any]:
    """The whole site, with where to search it."""
    return {
        "@context": _CONTEXT,
        "@type": "WebSite",
        "name": NAME,
        "url": f"{base_url}{home}",
        "inLanguage": language,
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{base_url}{search}?q={{query}}",
            "query-input": "required name=query",
        },
    }

from __future__ import annotations

import pytest

from competency_api.core.http.suffixes import split


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/api/v1/versions.atom", ("/api/v1/versions", "atom")),
        ("/api/v1/versions/1.2.0", ("/api/v1/versions/1.2.0", None)),
        ("/api/v1/versions/1.2.0.json", ("/api/v1/versions/1.2.0", "json")),
        ("/api/v1/versions/1.0.0/concepts/C017.html", ("/api/v1/versions/1.0.0/concepts/C017", "html")),
        ("/api/v1/versions/1.0.0/concepts/C017.", ("/api/v1/versions/1.0.0/concepts/C017.", None)),
        ("/api/v1/versions/a.b/concepts", ("/api/v1/versions/a.b/concepts", None)),
        ("/api/v1/versionsets.json", ("/api/v1/versionsets.json", None)),
        ("/openapi.json", ("/openapi.json", None)),
    ],
)
def test_only_the_last_segment_of_published_paths_has_a_suffix(path: str, found: tuple[str, str | None]) -> None:
    assert split(path) == found

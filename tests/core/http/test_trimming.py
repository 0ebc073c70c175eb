from __future__ import annotations

from typing import Any

import pytest

from competency_api.core.errors import InvalidInput
from competency_api.core.http.trimming import tree_of, trim
from tests.core.http.small import ThingSchema

THING = {
    "code": "C001",
    "number": 1,
    "labels": {
        "en": {"preferred": "Thing", "alternative": ["Item"]},
        "es": {"preferred": "Cosa", "alternative": []},
    },
}


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([], THING),
        (["code"], {"code": "C001"}),
        (["number", "code"], {"code": "C001", "number": 1}),
        (["labels.es"], {"labels": {"es": THING["labels"]["es"]}}),  # type: ignore[index]  # the literal is of mixed types
        (["labels.preferred"], {"labels": {"en": {"preferred": "Thing"}, "es": {"preferred": "Cosa"}}}),
        (["labels.es.preferred"], {"labels": {"es": {"preferred": "Cosa"}}}),
        (["labels.es.preferred", "labels"], {"labels": THING["labels"]}),
        (["labels.preferred", "labels.en"], {"labels": {"en": THING["labels"]["en"], "es": {"preferred": "Cosa"}}}),  # type: ignore[index]  # as above
    ],
)
def test_only_what_is_asked_for_stays(paths: list[str], expected: dict[str, Any]) -> None:
    assert trim(THING, tree_of(paths, ThingSchema)) == expected


def test_lists_are_gone_through() -> None:
    assert trim([THING, THING], tree_of(["code"], ThingSchema)) == [{"code": "C001"}] * 2


@pytest.mark.parametrize(
    "path", ["lables", "code.x", "labels.en.prefered", "", ".", "labels.", "labels.en.preferred.x"]
)
def test_a_member_that_is_not_there_is_refused(path: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        tree_of([path], ThingSchema)
    assert [error.parameter for error in caught.value.errors] == ["fields"]

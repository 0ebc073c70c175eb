"""Our NDJSON: a line that is broken does not hide the next."""

from __future__ import annotations

import json

from competency_api.formats.document import FORMAT
from tests.factories import a_taxonomy
from tests.support.files import as_file, as_json, problems_of, read, taxonomy_of

HEAD = json.dumps({"format": FORMAT})


def lines(*values: object) -> str:
    return "\n".join(value if isinstance(value, str) else json.dumps(value) for value in values)


def test_every_line_is_judged_by_itself() -> None:
    text = lines(HEAD, as_json(kind="x"), '{"code": ', as_json(), "", '{"code": "C002"} x')
    assert problems_of(read("ndjson", text)) == [
        'file.ndjson:2:66: /kind: There is no kind "x". Known are: business-model, challenge, competency, discipline, '
        "privacy-concern, procurement-topic, profile, technology.",
        "file.ndjson:3:10: The JSON ends here before it is complete; it may be cut off.",
        'file.ndjson:6:1: /labels: The field "labels" is missing here.',
        "file.ndjson:6:18: Nothing may follow the end of the JSON value.",
    ]


def test_blank_lines_count_as_lines_and_else_for_nothing() -> None:
    text = lines("", HEAD, "", as_json(kind="x"))
    assert problems_of(read("ndjson", text))[0].startswith("file.ndjson:4:")
    assert len(taxonomy_of(read("ndjson", lines("", HEAD, "", as_json(), "")))) == 1


def test_the_first_line_must_be_the_header() -> None:
    for first in (as_json(), {"format": FORMAT, "concepts": []}, [1], 3):
        (problem,) = problems_of(read("ndjson", lines(first)))
        assert problem.startswith("file.ndjson:1:1: The first line is the header of the file")
    assert 'right is "competency-taxonomy/1"' in problems_of(read("ndjson", '{"format": "x"}'))[0]


def test_json_over_several_lines_is_recognised_as_no_ndjson() -> None:
    text = as_file("json", a_taxonomy())
    (problem,) = problems_of(read("ndjson", text))
    assert problem.endswith("Every line is one whole JSON object; else the file is .json.")


def test_a_field_that_stands_twice_is_named_by_its_line() -> None:
    twice = json.dumps(as_json())[:-1] + ', "code": "C001"}'
    (problem,) = problems_of(read("ndjson", lines(HEAD, twice)))
    assert problem.startswith("file.ndjson:2:")
    assert "/code: This field stands twice, first in line 2." in problem

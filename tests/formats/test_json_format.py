"""Our JSON: every problem of a file at once, each with its line and column."""

from __future__ import annotations

import json
from typing import Any

import pytest

from competency_api.formats import FORMATS
from competency_api.formats.document import FORMAT, MOST_PROBLEMS, Header
from competency_api.formats.json_format import load_manifest
from competency_api.taxonomy.canonical import canonical_json, digest_of
from tests.factories import a_concept, a_taxonomy
from tests.support.files import as_file, as_json, json_file, problems_of, read, taxonomy_of


def one_problem(**fields: Any) -> str:
    """The one problem of a file whose only concept has these fields."""
    (problem,) = problems_of(read("json", json_file(as_json(**fields))))
    return problem.partition(": ")[2]


def test_a_concepts_line_is_what_its_digest_is_computed_from() -> None:
    lines = as_file("json", a_taxonomy()).split(b"\n")
    digests = [digest_of(line.removesuffix(b",")) for line in lines[2:-2]]
    assert digests == list(a_taxonomy().digests.values())


def test_a_file_as_people_indent_it_reads_the_same() -> None:
    content = json.loads(as_file("json", a_taxonomy()))
    assert taxonomy_of(read("json", json.dumps(content, indent=2))) == a_taxonomy()


def test_every_problem_is_told_at_once_with_its_line_and_column() -> None:
    text = """{"format": "competency-taxonomy/1",
"concepts": [
 {"code": "C1", "lables": {"en": {"preferred": "x"}}},
 {"code": "C002", "labels": {"EN": {"preferred": "x"}, "es": {"prefered": "a"}},
  "kind": "competencies",
  "alignments": [{"match": "exakt", "uri": 3}]}
]}"""
    assert problems_of(read("json", text)) == [
        'file.json:3:2: /labels: The field "labels" is missing here.',
        'file.json:3:3: /code: "C1" is no code: it takes the letter of the kind (B, C, D, P, Q, R, T, X) '
        "and 3 to 8 digits.",
        'file.json:3:17: /lables: Unknown field "lables". Did you mean "labels"?',
        'file.json:4:30: /labels/EN: "EN" is not a language tag in the form of BCP 47; write "en".',
        'file.json:4:56: /labels/es/preferred: The field "preferred" is missing here.',
        'file.json:4:63: /labels/es/prefered: Unknown field "prefered". Did you mean "preferred"?',
        'file.json:5:3: /kind: There is no kind "competencies". Did you mean "competency"?',
        'file.json:6:18: /alignments/0/scheme: The field "scheme" is missing here.',
        'file.json:6:19: /alignments/0/match: "exakt" is not permitted here. Did you mean "exact"?',
        "file.json:6:37: /alignments/0/uri: A text is expected here, not a whole number.",
    ]


def test_one_wrong_line_among_a_hundred_thousand_is_named() -> None:
    concepts = [as_json(a_concept(code=f"C{number:05}")) for number in range(5300)]
    concepts[4321]["sources"][0]["year"] = "2026?"
    text = json_file(*concepts, indent=1)
    wrong = next(number for number, line in enumerate(text.split("\n"), start=1) if "2026?" in line)
    assert text.count("\n") > 100_000
    (problem,) = problems_of(read("json", text))
    assert problem.startswith(f"file.json:{wrong}:6: /sources/0/year: A whole number is expected")


def test_beyond_a_hundred_problems_the_rest_is_counted() -> None:
    document = read("json", json_file(*[as_json(kind="x") for _ in range(250)]))
    assert (len(document.problems), document.more_problems) == (MOST_PROBLEMS, 150)


def test_a_file_that_is_cut_off_keeps_the_problems_before_the_cut() -> None:
    text = json_file(as_json(meaning="1"), as_json())[:-30]
    first, second = problems_of(read("json", text))
    assert "/meaning: A whole number is expected here, not a text." in first
    assert "may be cut off" in second


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('{"format": "competency-taxonomy/1", "concepts": [{"code": }]}', "1:59", "A value is expected here."),
        ('{"format": "competency-taxonomy/1"\n "concepts": []}', "2:2", 'A comma or "}" is expected here.'),
        ('{"concepts": [],\n}', "2:1", "A field name in double quotes is expected here."),
        ('{"concepts": [{"code": "a\nb"}]}', "1:26", "A control character stands here"),
        ('{"concepts": []} []', "1:18", "Nothing may follow the end"),
        ('{"concepts": [{"code": "C001', "1:24", "never closed"),
        ("[]", "1:1", "The file is one JSON object"),
        ('{"concepts": [' + "[" * 100_000, "1:15", "nested too deeply"),
    ],
)
def test_broken_json_is_named_with_its_place_in_words(text: str, place: str, words: str) -> None:
    problem = problems_of(read("json", text))[-1]
    assert problem.startswith(f"file.json:{place}: ")
    assert words in problem


def test_a_field_that_stands_twice_is_named_with_both_lines() -> None:
    text = '{"format": "competency-taxonomy/1", "concepts": [\n{"code": "C001",\n"labels": {},\n"code": "C002"}]}'
    assert problems_of(read("json", text)) == ["file.json:4:1: /code: This field stands twice, first in line 2."]
    assert "stands twice" in problems_of(read("json", '{"concepts": [],\n"concepts": []}'))[0]


def test_the_envelope_is_checked_too() -> None:
    text = '{"format": "competency-taxonomy/9",\n"concpts": [],\n"version": {"titel": "x"}}'
    assert problems_of(read("json", text)) == [
        'file.json:1:2: /format: The format "competency-taxonomy/9" is not known here; '
        'right is "competency-taxonomy/1".',
        'file.json:2:1: /concpts: Unknown field "concpts". Did you mean "concepts"?',
        'file.json:3:1: /version/titel: Unknown field "titel". Did you mean "title"?',
        'file.json:1:1: The field "concepts" is missing; it is the list of the concepts.',
    ]


def test_a_file_without_its_format_is_refused() -> None:
    (problem,) = problems_of(read("json", '{"concepts": []}'))
    assert 'The field "format" is missing' in problem
    assert "list of concepts" in problems_of(read("json", f'{{"format": "{FORMAT}", "concepts": {{}}}}'))[0]


@pytest.mark.parametrize("value", ["\ud800", "a\x00b", "a\u202eb", "a\u200bb", "tab\there"])
def test_a_character_that_nobody_sees_is_refused(value: str) -> None:
    text = json.dumps({"format": FORMAT, "concepts": [as_json(labels={"en": {"preferred": value}})]})
    (problem,) = problems_of(read("json", text))
    assert "/labels/en/preferred: Character " in problem
    assert problem.isprintable()


def test_texts_become_nfc_without_space_around() -> None:
    loaded = taxonomy_of(read("json", json_file(as_json(labels={"en": {"preferred": " Ge\u0301nie  "}}))))
    assert loaded["C001"].labels["en"].preferred == "G\u00e9nie"


def test_definitions_may_have_paragraphs_and_labels_may_not() -> None:
    loaded = taxonomy_of(read("json", json_file(as_json(definition={"en": "One.\r\n\r\nTwo."}))))
    assert loaded["C001"].definition["en"] == "One.\n\nTwo."
    assert "a line break" in one_problem(labels={"en": {"preferred": "One\nTwo"}})


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "9" * 30, "9" * 5000])
def test_a_number_that_nothing_can_store_is_refused(number: str) -> None:
    text = json_file(as_json(attributes={"type": 12345})).replace("12345", number)
    (problem,) = problems_of(read("json", text))
    assert "/attributes/type: This number cannot be stored" in problem


def test_content_that_nests_too_deeply_is_refused() -> None:
    deep: Any = "x"
    for _ in range(60):
        deep = [deep]
    assert "Nothing nests deeper than 32 levels here." in one_problem(attributes={"type": deep})


def test_the_kind_follows_from_the_code_and_may_not_contradict_it() -> None:
    assert taxonomy_of(read("json", json_file(as_json(kind=None))))["C001"].kind == "competency"
    assert 'A code with C is of the kind "competency", not "profile".' in one_problem(kind="profile")


def test_a_value_of_the_wrong_type_is_told_with_what_is_right() -> None:
    assert "A list is expected here, not a text." in one_problem(former_codes="C900")
    assert "An object is expected here, not a list." in one_problem(labels=[])
    assert "A whole number is expected here, not true or false." in one_problem(meaning=True)
    assert "An object is expected here, not null" in problems_of(read("json", json_file(None)))[0]


def test_a_manifest_holds_the_header_alone() -> None:
    assert load_manifest(b'{"number": "1.0.0", "title": "First"}', "v").header == Header(number="1.0.0", title="First")
    (problem,) = problems_of(load_manifest(b'{"nummer": "1.0.0"}', "v"))
    assert 'Unknown field "nummer". Did you mean "number"?' in problem
    assert problems_of(load_manifest(b'{"number"', "v"))


def test_the_place_of_a_concept_is_where_it_begins() -> None:
    document = read("json", as_file("json", a_taxonomy()))
    assert [entry.place.line for entry in document.entries] == list(range(3, 13))
    line = canonical_json(a_taxonomy()["B001"]).decode()
    assert document.entries[0].locate("/labels/en").column == line.index('"en":{"preferred') + 1


def test_dumping_needs_no_header() -> None:
    assert b"version" not in b"".join(FORMATS["json"].dump(a_taxonomy()))

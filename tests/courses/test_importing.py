"""Files of courses and mappings: planned, written all or not at all, and refused by line and column."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from competency_api.core.db import Database
from competency_api.courses.bulk.importing import Options, Outdated, import_reading
from competency_api.courses.bulk.reading import FilesRefused, Reader
from competency_api.courses.ledger.checking import check_sums
from competency_api.courses.ledger.mappings import Counts
from competency_api.courses.queries import get_provider
from tests.support.courses import ESCO, a_file, a_provider, acting, imported, mapped, pins, publish_two
from tests.support.published import FORMER

COURSES = """external_id,title@en,title@es,modality,hours,hands_on,languages,price,dates
SC-1,Smart cities,Ciudades inteligentes,online,22.5,40,en | pt-BR,199.99 EUR,2027-01-11/2027-02-01 | 2027-05-03
SC-2,Data,,,,,,,
"""
MAPPINGS = """course,concept,relation,level,hours,evidence,evidence_span,version
SC-1,C001,teaches,2,1.5,Day 1,title@en:0-5,1.0.0
SC-1,T001,requires,,,,,
SC-2,C001,teaches,1,,,,
"""
NDJSON = """{"external_id": "SC-1", "title": {"en": "Smart"}, "mappings": [{"concept": "C001", "relation": "teaches"}]}
{"course": "SC-2", "concept": "C001", "relation": "assesses", "level": 2, "hours": 1.5}
{"external_id": "SC-2", "title": {"en": "Data"}}
"""


@pytest.fixture
def provided(database: Database) -> Database:
    """A database with two versions and the provider `gov`."""
    publish_two(database)
    a_provider(database)
    return database


def is_consistent(database: Database) -> bool:
    with database.reading(fresh=True) as session:
        return check_sums(session).is_good


def count(database: Database, table: str) -> int:
    with database.reading(fresh=True) as session:
        return session.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0


def refused(database: Database, *texts: str | bytes, **options: Any) -> list[str]:
    """The problems of files that must be refused with nothing written."""
    before = mapped(database), count(database, "course"), count(database, "course_change")
    files = [a_file(text, f"f{n}.csv") for n, text in enumerate(texts)]
    with pytest.raises(FilesRefused) as info:
        imported(database, *files, **options)
    assert (mapped(database), count(database, "course"), count(database, "course_change")) == before
    return [f"{p['line']}:{p['column']} {p['field']}: {p['message']}" for p in info.value.extra["problems"]]


def test_two_files_at_once_are_planned_and_written(provided: Database) -> None:
    files = a_file(COURSES, "courses.csv"), a_file(MAPPINGS)
    plan = imported(provided, *files, dry_run=True)
    assert (plan.courses, plan.mappings, plan.written) == (Counts(added=2), Counts(added=3), False)
    assert [each["line"] for each in plan.examples] == [2, 3, 4]
    assert (count(provided, "course"), count(provided, "course_change")) == (0, 0)
    plan = imported(provided, *files)
    assert (plan.courses, plan.mappings, plan.written) == (Counts(added=2), Counts(added=3), True)
    assert mapped(provided) == [
        ("SC-1", "C001", "teaches", 2, 150, "Day 1", "title@en:0-5", "1.0.0"),
        ("SC-1", "T001", "requires", None, None, "", "", "1.1.0"),
        ("SC-2", "C001", "teaches", 1, None, "", "", "1.1.0"),
    ]
    assert is_consistent(provided)


def test_imported_again_it_is_unchanged_and_leaves_no_trace(provided: Database) -> None:
    files = a_file(COURSES, "courses.csv"), a_file(MAPPINGS)
    imported(provided, *files)
    changes = count(provided, "course_change"), count(provided, "event"), count(provided, "audit_entry")
    plan = imported(provided, *files)
    assert (plan.courses, plan.mappings) == (Counts(unchanged=2), Counts(unchanged=3))
    assert (count(provided, "course_change"), count(provided, "event"), count(provided, "audit_entry")) == changes


def test_what_changed_is_kept_in_the_history_and_the_rest_stays(provided: Database) -> None:
    imported(provided, a_file(COURSES, "courses.csv"), a_file(MAPPINGS))
    plan = imported(provided, a_file("course,concept,relation,level\nSC-1,C001,teaches,3\nSC-2,C003,teaches,1\n"))
    assert plan.mappings == Counts(added=1, changed=1)
    assert ("SC-1", "C001", "teaches", 3, 150, "Day 1", "title@en:0-5", "1.0.0") in mapped(provided)
    assert count(provided, "mapping_history") == 1
    assert is_consistent(provided)


def test_what_is_missing_is_removed_only_if_that_is_asked_for(provided: Database) -> None:
    imported(provided, a_file(COURSES, "courses.csv"), a_file(MAPPINGS))
    less = a_file("course,concept,relation,level\nSC-2,C001,teaches,1\n")
    assert imported(provided, less).mappings == Counts(unchanged=1)
    plan = imported(provided, less, whole=True, dry_run=True)
    assert plan.mappings == Counts(unchanged=1, removed=2)
    assert {each["what"] for each in plan.examples} == {"removed"}
    one = a_file("external_id\nSC-1\n", "courses.csv")
    plan = imported(provided, one, whole=True)
    assert (plan.courses, plan.mappings) == (Counts(unchanged=1, removed=1), Counts(removed=1))
    assert [row[0] for row in mapped(provided)] == ["SC-1", "SC-1"]
    assert is_consistent(provided)


def test_columns_that_are_not_there_leave_courses_as_they_are(provided: Database) -> None:
    imported(provided, a_file(COURSES, "courses.csv"))
    assert imported(provided, a_file("external_id,hours\nSC-1,22.5\n", "c.csv")).courses == Counts(unchanged=1)
    assert imported(provided, a_file("external_id,title@es\nSC-1,\n", "c.csv")).courses == Counts(changed=1)
    with provided.reading(fresh=True) as session:
        content = session.scalar(sa.text("SELECT content FROM course WHERE external_id = 'SC-1'"))
    assert '"title":{"en":"Smart cities"}' in content
    assert '"hours":2250' in content


def test_a_concept_may_be_named_in_every_way_and_that_is_reported(provided: Database) -> None:
    rows = [f"SC-2,{asked},teaches,1.0.0" for asked in (FORMER, ESCO + "one")]
    header = "course,concept,relation,version\n"
    problems = refused(provided, COURSES, header + "\n".join(rows))
    assert problems == ["3:None None: The same course, concept and relation stand in line 2 already."]
    plan = imported(provided, a_file(COURSES, "courses.csv"), a_file(header + rows[1]))
    assert plan.resolved == ({"asked": ESCO + "one", "concept": "T001", "by": "alignment", "match": "exact"},)


def test_a_row_without_a_version_keeps_the_one_that_is_stored(provided: Database) -> None:
    """A catalogue that is sent every night must not move mappings to a new version behind their provider's back."""
    imported(provided, a_file(COURSES, "courses.csv"))
    imported(provided, a_file("course,concept,relation\nSC-1,C001,teaches\nSC-1,C002,teaches\n"), version="1.0.0")
    nightly = "course,concept,relation\nSC-1,C001,teaches\nSC-1,C002,teaches\nSC-2,C001,teaches\n"
    assert imported(provided, a_file(nightly)).mappings == Counts(added=1, unchanged=2)
    assert [(row[0], row[1], row[7]) for row in mapped(provided)] == [
        ("SC-1", "C001", "1.0.0"), ("SC-1", "C002", "1.0.0"), ("SC-2", "C001", "1.1.0"),
    ]  # fmt: skip
    (problem,) = refused(provided, "course,concept,relation\nSC-2,C002,teaches\n")
    assert problem.startswith("2:None concept: C002 is not active in the present version")


def test_all_formats_say_the_same(provided: Database) -> None:
    plan = imported(provided, a_file(NDJSON, "all.ndjson"))
    assert (plan.courses, plan.mappings) == (Counts(added=2), Counts(added=2))
    lines = NDJSON.splitlines()
    whole = f'{{"courses": [{lines[0]}, {lines[2]}], "mappings": [{lines[1]}]}}'
    for text in (whole, f"[{','.join(lines)}]"):
        plan = imported(provided, a_file(text, "all.json"))
        assert (plan.courses, plan.mappings) == (Counts(unchanged=2), Counts(unchanged=2))
    semicolons = "\ufeff" + "course;concept;relation;level;hours\r\nSC-2;C001;assesses;2;1.5\r\n"
    assert imported(provided, a_file(semicolons)).mappings == Counts(unchanged=1)


def test_every_mistake_is_told_with_its_line_and_column(provided: Database) -> None:
    imported(provided, a_file(COURSES, "courses.csv"))
    wrong = """course,concept,relation,level,hours,evidence_span
SC-1,C0O1,teaches,1,,
SC-3,C001,teaches,1,,
SC-1,C001,teach,1,,
SC-1,C001,teaches,5,,
SC-1,C001,teaches,1,-3,
SC-1,T001,teaches,2,,
SC-1,C002,teaches,,,
SC-1,C001,teaches,1,,page 3
SC-1,C001,teaches
SC-1,C003,teaches,1,2,
"""
    assert refused(provided, wrong) == [
        '2:2 concept: There is no concept "C0O1" in version 1.1.0. Codes here are like B001, C001, D001, P001, Q001, '
        "R001, T001, X001.",
        '3:1 course: There is no course "SC-3". Did you mean "SC-1"?',
        '4:3 relation: "teach" is not known here. Did you mean "teaches"?',
        '5:4 level: "5" is no level; levels are 1, 2, 3 and 4.',
        '6:5 hours: "-3" is not a number such as 12 or 1.5.',
        "7:4 level: T001 is no competency and has no levels; leave it empty.",
        "8:2 concept: C002 (Competency C002) is retired in version 1.1.0; use C001 (Another name, equivalent).",
        '9:6 evidence_span: "page 3" is no place such as description@en:120-158.',
        "10:None None: This row has 3 cells and the first one 6; is a delimiter unquoted?",
    ]


def test_every_mistake_in_a_course_is_told(provided: Database) -> None:
    wrong = """external_id,title@en,title@xx-bad,modality,hours,price,dates,url
a,A,,remote,,,,
b,B,,,many,,,
c,,,,,,,
d,D,,,,12,,
e,E,,,,,2027-1-1,
f,F,,,,,,ftp://x
a//b,G,,,,,,
a,H,,,,,,
"""
    assert [problem.split(": ")[0] for problem in refused(provided, wrong)] == [
        *("2:4 modality", "3:5 hours", "4:None title", "5:6 price", "6:7 dates", "7:8 url"),
        *("8:1 external_id", "9:1 external_id"),
    ]
    header = "external_id,titel@en,hours,hours\n"
    assert refused(provided, header) == [
        '1:2 titel@en: There is no column "titel@en". Did you mean "title@en"?',
        '1:4 hours: The column "hours" stands twice, first as column 3.',
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (COURSES.encode("utf-16"), "UTF-16"),
        (b"course,concept\nSC-1,Gesti\xf3n\n", 'Byte 0xF3 is not UTF-8; in Windows-1252 (Latin-1) it would be "\xf3"'),
        (b"", "The file is empty"),
        (b'course,concept,relation\n"SC-1,C001,teaches\n', "never closed"),
        (b"a,b\n1,2\n", 'There is no column "a"'),
        (b"course,relation,concept,course\n", "stands twice"),
        (b"course,concept\n", 'The column "relation" is missing'),
    ],
)
def test_a_file_that_is_none_is_refused(provided: Database, text: bytes, problem: str) -> None:
    assert any(problem in each for each in refused(provided, text))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "not a list of records"),
        ('{"course": []}', "not a list of records"),
        ("[3]", "no JSON object"),
        ('[{"external_id": "a", "titel": {}}]', 'no member "titel". Did you mean "title"?'),
        ('[{"external_id": "a", "title": {"en": "A"}, "mappings": 3}]', "a list of mappings"),
        ('[{"course": "a", "concept": "C001", "relation": "teaches", "level": "2"}]', "Expected int | null, got str"),
        ('[{"course": "a", "concept": "C001", "relation": "teaches", "hours": -1}]', "from 0 to"),
        ('[{"external_id": 3, "title": {"en": 3}}]', "Expected str, got int"),
    ],
)
def test_json_that_says_something_else_is_refused(provided: Database, text: str, problem: str) -> None:
    with pytest.raises(FilesRefused) as info:
        imported(
            provided, a_file('[{"external_id": "a", "title": {"en": "A"}}]', "courses.json"), a_file(text, "m.json")
        )
    assert any(problem in each["message"] for each in info.value.extra["problems"]), info.value.extra
    assert count(provided, "course") == 0


def test_one_wrong_line_of_many_refuses_all_and_is_named(provided: Database) -> None:
    imported(provided, a_file(COURSES, "courses.csv"))
    rows = [f"SC-{1 + n % 2},C001,teaches" for n in range(20_000)]
    rows[12_345] = "SC-1,C001,teeches"
    (problem,) = refused(provided, "course,concept,relation\n" + "\n".join(rows))
    assert problem.startswith("12347:3 relation")


def test_files_that_were_read_before_another_wrote_are_not_written(provided: Database) -> None:
    imported(provided, a_file(COURSES, "courses.csv"))
    versions, actor = pins(provided), acting(provided)
    with provided.reading(fresh=True) as session:
        provider = get_provider(session, actor, "gov")
    reader = Reader(provided, provider.id, versions, "latest", whole=False, report=lambda _count: None)
    reading = reader.read([a_file(MAPPINGS)])
    imported(provided, a_file("external_id,title@en\nSC-2,Other\n", "c.csv"))
    with pytest.raises(Outdated), provided.transaction() as session:
        import_reading(session, actor, provider, reading, Options(), versions)
    assert count(provided, "mapping") == 0


MANY, WRONG = 100_000, 77_777


def many_lines(wrong: str) -> tuple[str, str]:
    """A table of courses and one of a hundred thousand mappings, all right but for one."""
    keys = [f"{code},{how}" for code in ("C001", "C003", "T001", "T002", "B001") for how in ("teaches", "requires")]
    courses = [f"SC-{n}" for n in range(MANY // len(keys))]
    lines = [f"{course},{key},Said on the first page\n" for course in courses for key in keys]
    lines[WRONG - 2] = wrong  # below the names of the columns
    table = "external_id,title@en\n" + "".join(f"{course},Course\n" for course in courses)
    return table, "course,concept,relation,evidence\n" + "".join(lines)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("SC-7,C001,teeches,\n", f'{WRONG}:3 relation: "teeches" is not known here. Did you mean "teaches"?'),
        ("SC-7,C001,teaches,\n", f"{WRONG}:None None: The same course, concept and relation stand in line 72 already."),
    ],
    ids=["seen when it is read", "seen when it is written"],
)
def test_of_a_hundred_thousand_lines_with_one_wrong_none_is_written(provided: Database, wrong: str, said: str) -> None:
    assert refused(provided, *many_lines(wrong)) == [said]

"""Our CSV: what people do to a table in a spreadsheet, and what they are told."""

from __future__ import annotations

import csv
import io

import pytest

from competency_api.formats.document import Header
from competency_api.formats.reading.concepts import completed
from competency_api.formats.tabular.columns import ALWAYS
from competency_api.taxonomy.concept import Concept, Labels, Retirement, Successor
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, a_taxonomy, labels, links
from tests.support.files import as_file, csv_file, problems_of, read, taxonomy_of


def table(*concepts: Concept) -> list[dict[str, str]]:
    """The rows that a spreadsheet would show."""
    return list(csv.DictReader(io.StringIO(as_file("csv", Taxonomy(concepts)).decode("utf-8-sig"), newline="")))


def rewritten(data: bytes, delimiter: str) -> str:
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def after_import(known: Concept, *rows: str) -> Concept:
    document = read("csv", csv_file(*rows))
    assert document.problems == ()
    return completed(document.entries[0], known)


def test_cells_read_as_people_would_write_them() -> None:
    (row,) = table(
        a_concept(
            "profile",
            labels={"en": labels("Manager", "Boss", "Lead"), "es": labels("Gestora")},
            relations={"expects": links("C001", level=2) + links("C005", level=3)},
            attributes={"city_sizes": ["small", "large"]},
        )
    )
    assert (row["label@en"], row["alternative@en"], row["label@es"]) == ("Manager", "Boss | Lead", "Gestora")
    assert (row["expects"], row["city_sizes"], row["status"]) == ("C001=2 | C005=3", "small | large", "active")
    assert row["sources"] == "title=Smart City Competency Framework; publisher=The partnership; year=2026"


def test_an_empty_table_is_a_template_with_every_column() -> None:
    header = as_file("csv", Taxonomy([])).decode("utf-8-sig").strip().split(",")
    assert header == list(ALWAYS)
    assert {"code", "label@en", "levels.4@en", "expects", "legal_references", "retirement.successors"} <= set(header)


def test_languages_stand_side_by_side_with_english_first() -> None:
    names = list(table(*a_taxonomy())[0])
    start = names.index("label@en")
    assert names[start : start + 3] == ["label@en", "label@es", "alternative@en"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_out(delimiter: str) -> None:
    text = rewritten(as_file("csv", a_taxonomy()), delimiter)
    assert taxonomy_of(read("csv", text)) == a_taxonomy()
    if delimiter != "\t":
        assert taxonomy_of(read("csv", f"sep={delimiter}\r\n{text}")) == a_taxonomy()


def test_columns_may_come_in_any_order_with_blank_rows_between() -> None:
    loaded = taxonomy_of(read("csv", csv_file("label@en , code", ",", "Data, C001", "", "Law,C002,,")))
    assert [concept.name for concept in loaded] == ["Data", "Law"]


def test_a_table_ends_with_whose_content_it_is_and_under_which_licence() -> None:
    header = Header(number="2.0.0", title="Today", licence="CC BY 4.0", notices=('It says "thanks", twice.',))
    data = as_file("csv", a_taxonomy(), header)
    *_, licence, notice = csv.reader(io.StringIO(data.decode(), newline=""))
    assert licence[0] == "# Today 2.0.0. Licence: CC BY 4.0"
    assert notice[0] == '# It says "thanks", twice.'
    assert not any(licence[1:] + notice[1:])
    assert taxonomy_of(read("csv", data)) == a_taxonomy()


def test_remarks_are_passed_over_wherever_they_stand() -> None:
    text = csv_file("label@en,code", "#,", "Law,C001", ",# Licence: CC BY 4.0", "#1 in law,C002")
    assert [concept.name for concept in taxonomy_of(read("csv", text))] == ["Law", "#1 in law"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "＝1", "'=1", "''+1", "'quoted'"])
def test_no_cell_can_be_taken_for_a_formula_and_every_text_comes_back(text: str) -> None:
    concept = a_concept(labels={"en": Labels(preferred=text)})
    (row,) = table(concept)
    assert row["label@en"][0] not in "=+-@＝"
    assert taxonomy_of(read("csv", as_file("csv", Taxonomy([concept]))))["C001"] == concept


def test_excel_is_told_the_encoding() -> None:
    assert as_file("csv", a_taxonomy()).startswith(b"\xef\xbb\xbf")


def test_another_old_encoding_is_refused_line_by_line() -> None:
    data = csv_file("code,label@en", "C001,Data", "C002,Gestión", "C003,Ñ").encode("latin-1")
    first, second = problems_of(read("csv", data))
    assert first.startswith('file.csv:3:11: Byte 0xF3 is not UTF-8; in Windows-1252 (Latin-1) it would be "ó".')
    assert second.startswith("file.csv:4:6: ")


def test_a_problem_names_line_column_and_what_would_be_right() -> None:
    text = csv_file(
        "code,label@en,expects,sources,translation@en",
        'R001,"Two',
        'lines",C001=two,,',
        "R002,x,C001=1=2,title,drafty",
        "X1,x,,title=a; title=b,",
    )
    assert problems_of(read("csv", text)) == [
        'file.csv:2:3: expects: "two" is not a whole number.',
        "file.csv:2:2: label@en: Character 4 is U+000D (a carriage return), which is not allowed; leave it out.",
        'file.csv:4:3: expects: "C001=1=2" has more than one "="; right is "C001=2".',
        'file.csv:4:4: sources: "title" is no "name=value" pair; right is "title=…; publisher=…".',
        'file.csv:4:5: translation@en: "drafty" is not permitted here. Did you mean "draft"?',
        'file.csv:5:4: sources: "title" stands twice in "title=a; title=b".',
        'file.csv:5:1: code: "X1" is no code: it takes the letter of the kind (B, C, D, P, Q, R, T, X) '
        "and 3 to 8 digits.",
    ]


def test_a_problem_inside_a_cell_names_its_column() -> None:
    (problem,) = problems_of(read("csv", csv_file("code,label@en,alignments", "C001,x,match=exakt; uri=u; scheme=s")))
    assert problem == 'file.csv:2:3: alignments: "exakt" is not permitted here. Did you mean "exact"?'
    (problem,) = problems_of(read("csv", csv_file("code,label@en,alignments", "C001,x,match=exact; uri=u")))
    assert problem == 'file.csv:2:3: alignments: The field "scheme" is missing here.'


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("code,lable@en", 'file.csv:1:2: There is no column "lable@en". Did you mean "label@en"?'),
        ("code,Label@es", 'file.csv:1:2: There is no column "Label@es". Did you mean "label@es"?'),
        ("code,,kind", "file.csv:1:2: Column 2 has no name."),
        ("code,kind,code", 'file.csv:1:3: The column "code" stands twice, first as column 1.'),
        ("kind,label@en", 'file.csv:1: The column "code" is missing; it says which concept a row is.'),
        ("code,hidden@es", 'file.csv:1: The column "label@es" is missing; there are other labels in this language.'),
        ("code,retirement.on", 'file.csv:1: The column "retirement.reason" is missing; a retirement needs it.'),
    ],
)
def test_a_wrong_header_row_is_explained(header: str, problem: str) -> None:
    (found,) = problems_of(read("csv", csv_file(header, "C001")))
    assert found == problem


def test_a_row_of_the_wrong_length_and_an_open_quote_are_named_and_reading_goes_on() -> None:
    text = csv_file("code,label@en,kind", "C001,Data, open and linked,competency", "C002", 'C003,"x"y,', 'C004,"x,')
    problems = problems_of(read("csv", text))
    assert [problem.split(": ")[0] for problem in problems] == [f"file.csv:{line}" for line in (2, 3, 4, 5)]
    assert "This row has 4 cells and the first one 3; is a delimiter unquoted?" in problems[0]
    assert "never closed" in problems[3]


def test_the_status_must_agree_with_the_retirement() -> None:
    header = "code,label@en,status,retirement.reason,retirement.on"
    text = csv_file(header, "C001,x,activ,,", "C002,x,active,gone,2026-01-01", "C003,x,retired,,")
    first, second, third = problems_of(read("csv", text))
    assert 'Did you mean "active"?' in first
    assert 'so its status is "retired"' in second
    assert 'Retiring needs "retirement.reason" and "retirement.on"' in third


def test_what_has_no_column_stays_as_it_is() -> None:
    known = a_concept(labels={"en": labels("Old", "Other")}, relations={"part_of": links("D001")}, meaning=3)
    changed = after_import(known, "code,label@en,label@es", "C001,New,Nuevo")
    assert changed.labels == {"en": labels("New", "Other"), "es": labels("Nuevo")}
    assert (changed.uuid, changed.meaning, changed.relations) == (known.uuid, 3, known.relations)


def test_an_empty_cell_of_a_column_that_is_there_removes() -> None:
    known = a_concept(
        labels={"en": labels("Data"), "es": labels("Datos", "Otros")},
        relations={"part_of": links("D001"), "related": links("C002")},
        retirement=Retirement(reason="gone", on="2026-01-01", successors=(Successor(code="C002", match="narrower"),)),
    )
    rows = ("code,label@es,part_of,retirement.reason,retirement.on", "C001,,,,")
    changed = after_import(known, *rows)
    assert changed.labels == {"en": labels("Data")}
    assert changed.relations == {"related": links("C002")}
    assert changed.retirement is None


def test_attributes_that_the_table_of_kinds_does_not_know_survive() -> None:
    odd = {"type": ["no", "choice"], "levels": {"9": {"en": "x"}}, "colour": {"a": [1, 2.5, None, True]}, "phases": "x"}
    concept = a_concept(attributes=odd, relations={"likes": links("C002")})
    (row,) = table(concept)
    assert (row["type"], row["levels"], row["relation.likes"]) == (
        'json:["no","choice"]',
        'json:{"9":{"en":"x"}}',
        "C002",
    )
    loaded = taxonomy_of(read("csv", as_file("csv", Taxonomy([concept]))))["C001"]
    assert loaded.attributes["type"] == ["no", "choice"]
    assert loaded.relations == concept.relations


def test_a_cell_of_json_that_is_no_json_is_refused() -> None:
    (problem,) = problems_of(read("csv", csv_file("code,label@en,levels", "C001,x,json:{")))
    assert 'Behind "json:" stands no JSON.' in problem
    text = csv_file("code,label@en,levels,levels.1@en", "C001,x,json:[1],text")
    assert problems_of(read("csv", text))[0].endswith('Another column says all of "levels" already.')
    text = csv_file("code,label@en,levels.1@en,levels", "C001,x,text,json:{}")
    assert problems_of(read("csv", text))[0].endswith('Other columns say parts of "levels" already.')

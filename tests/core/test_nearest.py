from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from competency_api.core.nearest import did_you_mean, hint_of_codes, nearest, nearest_codes

KINDS = ["competency", "discipline", "technology"]


def test_the_nearest_name_comes_first() -> None:
    assert nearest("competenci", KINDS)[0] == "competency"


def test_a_message_offers_the_nearest_name_else_what_there_is() -> None:
    assert did_you_mean("Diciplin", KINDS) == ' Did you mean "discipline"?'
    assert did_you_mean("zzz", KINDS) == " Known are: competency, discipline, technology."
    assert did_you_mean("zzz", []) == ""
    assert did_you_mean("zzz", [f"name{n}" for n in range(20)]).endswith("and 12 more.")


CODES = [f"C{n:03}" for n in range(1, 51)] + ["B001", "B002"]


def test_for_an_unknown_code_those_of_its_letter_are_named() -> None:
    assert hint_of_codes("C999", CODES) == " Nearest: C050, C049, C048."
    assert hint_of_codes("c17", CODES) == " Nearest: C017."
    assert hint_of_codes("B999", CODES) == " Nearest: B002, B001."


def test_for_what_has_no_known_letter_it_is_said_what_codes_look_like() -> None:
    assert hint_of_codes("Z001", CODES) == " Codes here are like B001, C001."
    assert hint_of_codes("mobility", CODES) == " Codes here are like B001, C001."
    assert hint_of_codes("C001", []) == ""


@given(
    st.text(alphabet=st.characters(exclude_categories=[])) | st.from_regex("[A-Zc][0-9]{1,200}"), st.lists(st.text())
)
def test_hints_of_codes_never_raise_and_only_name_what_is_known(code: str, known: list[str]) -> None:
    assert set(nearest_codes(code, [*CODES, *known])) <= {*CODES, *known}
    assert hint_of_codes(code, [*CODES, *known])


@given(st.text(alphabet=st.characters(exclude_categories=[])), st.lists(st.text(), max_size=20))
def test_it_never_raises_and_only_names_what_is_known(name: str, known: list[str]) -> None:
    assert set(nearest(name, known)) <= set(known)

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from competency_api.core.nearest import did_you_mean, nearest

KINDS = ["competency", "discipline", "technology"]


def test_the_nearest_name_comes_first() -> None:
    assert nearest("competenci", KINDS)[0] == "competency"


def test_a_message_offers_the_nearest_name_else_what_there_is() -> None:
    assert did_you_mean("Diciplin", KINDS) == ' Did you mean "discipline"?'
    assert did_you_mean("zzz", KINDS) == " Known are: competency, discipline, technology."
    assert did_you_mean("zzz", []) == ""
    assert did_you_mean("zzz", [f"name{n}" for n in range(20)]).endswith("and 12 more.")


@given(st.text(alphabet=st.characters(exclude_categories=[])), st.lists(st.text(), max_size=20))
def test_it_never_raises_and_only_names_what_is_known(name: str, known: list[str]) -> None:
    assert set(nearest(name, known)) <= set(known)

"""How often trials are made, and the page of their results."""

from __future__ import annotations

import pytest

from tests.support.campaigns import BEGIN, END, PAGE, results, rounds, written

REPORT = """<testsuites><testsuite>
<testcase name="test_nothing_is_lost[sqlite]" time="12.4"><properties><property name="rounds" value="500"/></properties>
</testcase><testcase name="test_one_wins" time="1"><failure message="two won"/></testcase>
<testcase name="test_backups[postgresql]" time="0"><skipped message="no server"/></testcase>
</testsuite></testsuites>"""


def test_a_trial_is_made_more_often_in_a_campaign_and_never_less(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for asked in ("0", "0.1", "1"):
        monkeypatch.setenv("CAMPAIGN", asked)
        found.append(rounds(20, 500))
    assert found == [20, 50, 500]


@pytest.mark.parametrize("asked", ["2", "-1", "nan", "all"])
def test_a_share_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    monkeypatch.setenv("CAMPAIGN", asked)
    with pytest.raises(ValueError, match="from 0 to 1"):
        rounds(1, 2)


def test_results_say_what_holds_where_and_after_how_many_rounds() -> None:
    assert list(results(REPORT)) == [
        ("nothing is lost", "sqlite", "500", "12", "held"),
        ("one wins", "–", "–", "1", "**failed**"),
        ("backups", "postgresql", "–", "0", "not run"),
    ]


def test_the_page_keeps_all_but_its_results() -> None:
    page = f"Before\n{BEGIN}\nold\n{END}\nafter\n"
    once = written(page, REPORT, "now")
    assert once == written(once, REPORT, "now")
    assert "| nothing is lost | sqlite | 500 | 12 | held | now |" in once
    assert (once.startswith("Before\n"), once.endswith("\nafter\n"), "old" in once) == (True, True, False)
    assert written(PAGE.read_text(), REPORT, "now") != PAGE.read_text()


def test_results_of_some_trials_stand_beside_the_former_ones_of_others() -> None:
    whole = written(f"{BEGIN}{END}", REPORT, "before")
    some = REPORT.replace("nothing is lost", "x").replace("test_nothing_is_lost", "test_all_is_well")
    both = written(whole, some, "now", only_some=True)
    made = {row.split(" | ")[0]: row.rsplit(" | ")[-1] for row in both.splitlines() if row.startswith("| ")}
    assert (made["| nothing is lost"], made["| all is well"], made["| one wins"]) == ("before |", "now |", "now |")
    assert "nothing is lost" not in written(whole, some, "now")

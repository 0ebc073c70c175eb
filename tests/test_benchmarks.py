"""The benchmarks can be set up: tiny sizes, no load. What they measure is not looked at."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import impact, plot, questions, ranking, report, servers, synthetic, usual
from benchmarks.samples import Samples, at_least, at_most
from benchmarks.sections import Section
from competency_api.curation.draft.store import DraftStore
from competency_api.curation.sources import UseSources
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.rules import check


def test_a_synthetic_taxonomy_is_the_same_every_time_and_breaks_no_rule() -> None:
    made = synthetic.taxonomy(120)
    assert made == synthetic.taxonomy(120)
    assert [finding for finding in check(made) if finding.severity == "error"] == []


def test_the_release_after_a_synthetic_one_differs_and_breaks_no_rule() -> None:
    made = synthetic.taxonomy(120)
    after = synthetic.following(made)
    assert difference(made, after).counts() == {"added": 1, "renamed": 3, "moved": 2}
    assert [finding for finding in check(after) if finding.severity == "error"] == []


def test_questions_are_different_ones_and_the_same_every_time() -> None:
    made = synthetic.taxonomy(120)
    asked = questions.searches(made, 200)
    assert len(set(asked)) == 200
    assert asked == questions.searches(made, 200)
    assert len(questions.typed(made, 5)) > 20


def test_made_up_ballots_are_the_same_every_time_with_ties_and_options_left_out() -> None:
    made = ranking.ballots(20, 30)
    assert made == ranking.ballots(20, 30)
    assert any(len(level) > 1 for ballot in made for level in ballot.levels)
    assert {sum(map(len, ballot.levels)) for ballot in made} == {24}
    assert {len(ballot.levels) for ballot in ranking.ballots(20, 30, by_lot=True)} == {30}


def test_the_usual_way_answers_the_concepts_that_it_was_filled_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'usual.sqlite'}"
    usual.fill(url, synthetic.taxonomy(12))
    monkeypatch.setenv("BENCH_DATABASE_URL", url)
    app = usual.create_app()
    client = app.test_client()
    assert client.get("/concepts/C000012").get_json()["relations"][0]["target"] in ("D001", "C000001")
    assert len(client.get("/concepts?limit=5").get_json()["items"]) == 5
    app.extensions["engine"].dispose()  # Python 3.13 warns of connections that nobody closed


def test_a_missed_target_says_by_how_much() -> None:
    assert at_least("ratio", Samples.of([0.6, 0.5, 0.7]), 0.8).verdict == "**missed**; 25% below"
    assert at_most("time", Samples.of([3.0]), 2, "s").verdict == "**missed**; 50% above"
    assert at_most("time", Samples.of([1.0]), 2, "s").verdict == "met"


def test_a_chapter_that_is_measured_again_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "RESULTS.md"
    for name, text in (("starts", "old\n"), ("reads", "other\n"), ("starts", "new\n")):
        report.write(Section(name), text, file)
    chapters = file.read_text("utf-8").split("\n## ")[1:]
    assert chapters == ["Published reads\n\nother\n", "First answer\n\nnew\n"]


def test_the_plot_is_a_picture_with_every_point() -> None:
    panel = plot.Panel("time & memory", [(1_000, 0.2), (14_000, 2.5), (100_000, 20.0)])
    picture = ElementTree.fromstring(plot.drawn([panel, panel]))
    assert len(list(picture.iter("{http://www.w3.org/2000/svg}circle"))) == 6


def test_the_impact_that_is_measured_touches_the_mappings_of_every_changed_concept(tmp_path: Path) -> None:
    database, row, state = impact.prepared(f"sqlite:///{tmp_path / 'impact.sqlite'}", 120, 20)
    sources = UseSources(impact.mapped([change["code"] for change in impact.changes_of(state, 20)], 300))
    assert impact.seconds(database, row, DraftStore(), sources)[1] == 300
    database.close()


@pytest.mark.slow
def test_whatever_the_service_is_compared_with_runs_on_its_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "WORK", tmp_path)
    with servers.bare(servers.Answer(200, [("Content-Type", "text/plain")], b"bare")) as server:
        assert server.get("/").body == b"bare"

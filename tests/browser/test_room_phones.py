"""What a phone says when a topic was closed, at another table, and when its token is somebody else's."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.asking import Refused
from tests.support.phones import TOPIC, Levels, Phone, Phones
from tests.support.workshops import TOKEN

FOUR: Levels = [["a"], ["b"], ["c"], ["d"]]
NEED = "<b onclick=alert(1)>Bread</b> & <script>alert(2)</script>"


def test_a_ballot_that_comes_too_late_is_said_to_be_and_what_counts_is_shown(phones: Phones) -> None:
    phone = phones.phone(FOUR)
    phone.reached(is_reached=False)
    phone.page.locator("#up-b").click()
    expect(phone.told).to_contain_text("Not sent yet: no connection")
    phones.act(f"/topics/{TOPIC}/closing")
    phone.reached(is_reached=True)
    expect(phone.told).to_have_text("The topic was closed before your last change arrived. That change is not counted.")
    assert phone.order == ["a", "b", "c", "d"]
    expect(phone.page.locator("#ranked button")).to_have_count(0)
    phones.act(f"/topics/{TOPIC}/opening")
    phone.wake()
    phone.page.locator("#up-b").click()
    assert phone.sent()["levels"] == [["b"], ["a"], ["c"], ["d"]]


def released(phones: Phones, phone: Phone) -> str:
    """The option that a need becomes which is typed on the phone and released to its table."""
    phone.page.locator("#text").fill(NEED)
    phone.page.get_by_role("button", name="Send to the facilitator").click()
    expect(phone.page.locator("#need-told")).to_contain_text("Sent.")
    need = phones.ask("GET", f"/topics/{TOPIC}/needs", **{TOKEN: phone.token})["items"][0]
    return str(phones.ask("POST", f"/topics/{TOPIC}/needs/{need['id']}/release", {"everyone": False})["option"])


def moved(phone: Phone, code: str) -> None:
    phone.page.get_by_text("Change to another table").click()
    phone.page.get_by_label("Code of the other table").fill(code)
    phone.page.get_by_role("button", name="Change", exact=True).click()


def test_who_changes_tables_keeps_the_ballot_where_it_was_cast_until_they_change_it(phones: Phones) -> None:
    phone = phones.phone(FOUR)
    option = released(phones, phone)
    phone.page.reload()
    typed = phone.page.locator(f"#add-{option}")
    expect(typed).to_contain_text(NEED)
    typed.click()
    phone.page.locator(f"#up-{option}").click()
    before = phone.sent()
    assert before["levels"] == [["a"], ["b"], ["c"], [option], ["d"]]
    moved(phone, f" {phones.codes[2].lower()} ")
    expect(phone.page.locator("#table")).to_have_text("Table 2")
    assert phone.order == ["a", "b", "c", "d"]
    assert phone.ballot() == before
    phone.page.locator("#up-b").click()
    now = phone.sent()
    assert (now["table"], now["levels"], now["casts"]) == (2, [["b"], ["a"], ["c"], ["d"]], before["casts"] + 1)


def test_a_code_of_no_table_is_said_to_be_none(phones: Phones) -> None:
    phone = phones.phone(FOUR)
    moved(phone, "AAAAAA")
    expect(phone.page.locator("#move-told")).to_contain_text("No table has this code.")
    expect(phone.page.locator("#table")).to_have_text("Table 1")


def test_a_browser_with_the_token_of_somebody_else_is_told_so(phones: Phones) -> None:
    phone, other = phones.phone(FOUR), phones.join(2)
    phone.page.evaluate(
        "([name, token]) => { localStorage[name] = JSON.stringify({token}) }", [f"room/{phones.code}", other]
    )
    phone.page.reload()
    phone.page.locator("#add-a").click()
    expect(phone.told).to_contain_text("This browser has joined the workshop as another participant")
    with pytest.raises(Refused, match=r"404 .*cast no ballot"):
        phones.ask("GET", f"/topics/{TOPIC}/ballots/mine", **{TOKEN: other})
    assert phone.ballot()["levels"] == FOUR


def test_who_joins_again_in_another_tab_goes_on_there(phones: Phones) -> None:
    phone = phones.phone(FOUR)
    tab = phone.page.context.new_page()
    tab.goto(f"{phones.service.site}/en/join/{phones.codes[2]}")
    tab.get_by_role("button", name="Join").click()
    expect(tab.locator("#ranked li")).to_have_count(4)
    phone.wake()
    expect(phone.page.locator("#gone")).to_contain_text("you joined again elsewhere")
    tab.reload()
    expect(tab.locator("#table")).to_have_text("Table 2")
    expect(tab.locator("#ranked li")).to_have_count(4)

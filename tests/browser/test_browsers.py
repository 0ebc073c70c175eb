"""That the tests of this folder see what they would have to see."""

from __future__ import annotations

from tests.browser.conftest import Open
from tests.support.browsers import Heard, Partner, axe

UNREADABLE = '<!doctype html><html lang="en"><title>A</title><p style="color: #eee">Who can read this?</p>'


def test_violations_are_found_and_said_with_their_place(open_page: Open) -> None:
    page = open_page()
    page.set_content(UNREADABLE)
    (violation,) = axe(page)
    assert violation.startswith("color-contrast: ['p']")


def test_the_policy_of_a_partner_is_kept_by_the_browser(open_page: Open, partner: Partner) -> None:
    page = open_page()
    heard = Heard.of(page)
    partner.show(page, "/", "<!doctype html><script>document.title = 'ran'</script>", policy="default-src 'none'")
    assert page.title() == ""
    assert any("Content Security Policy" in line for line in heard.lines)


def test_the_service_is_of_another_origin_than_the_partner(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page()
    partner.show(page, "/", "<!doctype html><title>Partner</title>")
    newest = page.evaluate("site => fetch(site + '/api/v1').then(a => a.json()).then(d => d.versions.latest)", site)
    assert newest == "2.0.0"
    assert partner.origin != site

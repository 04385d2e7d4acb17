"""The main job as people do it: a delegate reports, an officer publishes, everyone finds it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.person import Person

CONTRIBUTOR = "contributor.np@example.org"
FOCAL_POINT = "focal.np@example.org"
OFFICER = "officer.one@example.org"
# The pages do not depend on the database: one look beside each; every kind of page is looked at
# elsewhere.
LOOKS = {"sqlite": ("ar", 1280), "postgresql": ("en", 360)}


def _fills(page: Page, words: str) -> None:
    page.fill("[name=done]", f"The inspectorate took up its work; {words}. مكتب رقم (7) في الدوحة.")
    page.fill("[name=results]", "Forty agencies were visited and twelve lost their licence.")
    page.fill("[name=women]", "Women are heard by women, in their own language.")
    page.fill("[name=obstacles]", "Two of seven posts of inspectors are vacant.")
    page.fill("[name=next_steps]", "The posts are to be filled by June.")
    page.check("[name=claimed_status][value=limited]")
    if page.locator("[name$='-women']").count():
        page.locator("[name$='-on']").first.fill("2026-06-30")
        page.locator("[name$='-women']").first.fill("٦٢")
        page.locator("[name$='-men']").first.fill("38")
        page.locator("[name$='-not_stated']").first.fill("0")
        page.locator("[name$='-total']").first.fill("100")
    page.fill("[name='links-0-title']", "Report of the inspectorate")
    page.fill("[name='links-0-url']", "https://example.org/inspectorate/2026")


def test_a_note_from_draft_to_search(
    make_person: Callable[[str, int], Person],
    papers: Callable[[str], Path],
    database_kind: str,
) -> None:
    language, width = LOOKS[database_kind]
    # Three words that stand nowhere else, so that the search cannot find another note by them.
    words = " ".join(f"{stem}{secrets.token_hex(3)}" for stem in ("kestrel", "lantern", "meadow"))
    delegate = make_person(language, width)
    page = delegate.page

    # The delegate sees what is due, opens a commitment and writes.
    delegate.signs_in(CONTRIBUTOR)
    page.locator("main a[href*='/notes/new?']").first.wait_for()
    commitment = page.locator("main table tbody tr:has(a[href*='/notes/new?']) th a").first
    commitment_url = f"{delegate.site}{commitment.get_attribute('href')}"
    delegate.goes(commitment_url)
    delegate.clicks("main a[href*='/notes/new?']")
    _fills(page, words)
    page.set_input_files("[name=files]", papers("تقرير التفتيش.pdf"))
    delegate.clicks("button[name=do][value=save]")
    note_url = page.url.split("?")[0]
    note_id = note_url.rsplit("/", 1)[1]
    link = f"main a[href*='{note_id}']"
    expect(page.locator("main")).to_contain_text(words)

    # The clearance sheet holds all of it.
    delegate.clicks("main a[href$='/clearance']")
    expect(page.locator("main")).to_contain_text("Two of seven posts of inspectors are vacant.")
    delegate.goes(note_url)
    delegate.signs_out()

    # Nobody outside learns of it.
    public = make_person(language, width)
    public.page.goto(note_url)
    assert public.page.locator("h1").count() == 1
    assert words not in public.page.content()
    public.faults.clear()  # the 404 itself is told on the console
    public.page.goto(f"{public.site}/")
    public.speaks()
    public.looks()
    public.goes(commitment_url)
    assert words not in public.page.content()
    public.goes(f"/search?q={words}")
    assert note_id not in public.page.content()

    # The focal point submits.
    delegate.signs_in(FOCAL_POINT)
    delegate.goes(note_url)
    page.check("[name=people_protected]")
    delegate.clicks("form[action$='/submit'] button.button")

    # An officer finds it in the queue, takes it up and returns it with a reason.
    officer = make_person(language, width)
    officer.signs_in(OFFICER)
    officer.goes("/review?page=99")  # the longest wait first: what came just now is on the last
    officer.page.locator(link).first.wait_for()
    officer.goes(note_url)
    officer.clicks("form[action$='/take_up'] button")
    officer.page.fill("[name=reason]", "Please say how many of the agencies are in the capital.")
    officer.clicks("form[action$='/return'] .button.plain")

    # The focal point reads why, edits and submits again.
    delegate.goes(note_url)
    expect(page.locator("main")).to_contain_text("how many of the agencies are in the capital")
    delegate.clicks("main a[href$='/edit']")
    page.fill("[name=results]", "Forty agencies were visited, nine of them in the capital.")
    delegate.clicks("button[name=do][value=save]")
    page.check("[name=people_protected]")
    delegate.clicks("form[action$='/submit'] button.button")

    # The officer publishes.
    officer.goes(note_url)
    officer.clicks("form[action$='/take_up'] button")
    officer.clicks("button[formaction$='/publish']")

    # Everyone finds it: by its words, on the commitment's page, the country's and the corridor's.
    for _ in range(40):
        public.page.goto(f"{public.site}/search?q={words}")
        if note_id in public.page.content():
            break
        public.page.wait_for_timeout(250)
    expect(public.page.locator(link).first).to_be_visible()
    assert public.page.locator("main mark").count() >= 3
    public.looks()
    public.goes(commitment_url)
    expect(public.page.locator("main")).to_contain_text("The inspectorate took up its work")
    places = [
        place.get_attribute("href")
        for place in public.page.locator(
            "aside a[href^='/countries/'], aside a[href^='/corridors/']"
        ).all()
    ]
    assert places
    for place in dict.fromkeys(places):
        public.goes(str(place))
        expect(public.page.locator(link)).not_to_have_count(0)
    public.goes(note_url)
    expect(public.page.locator("main")).to_contain_text(words)

    # A revision shows what changed, word by word; what is published stays in force meanwhile.
    delegate.goes(note_url)
    delegate.clicks("form[action$='/revise'] button")
    if not page.locator("[name=results]").count():
        delegate.clicks("main a[href$='/edit']")
    page.fill("[name=results]", "Fifty agencies were visited, nine of them in the capital.")
    delegate.clicks("button[name=do][value=save]")
    page.check("[name=people_protected]")
    delegate.clicks("form[action$='/submit'] button.button")
    officer.goes(note_url)
    expect(officer.page.locator(".diff del", has_text="Forty")).not_to_have_count(0)
    expect(officer.page.locator(".diff ins", has_text="Fifty")).not_to_have_count(0)
    public.goes(note_url)
    expect(public.page.locator("main")).to_contain_text("Forty agencies")
    assert "Fifty agencies" not in public.page.content()

    faults = [*delegate.faults, *officer.faults, *public.faults]
    assert faults == []

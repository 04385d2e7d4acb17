"""A delegate quotes a law in a note: by selecting words, or by ticking sentences without script."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from policytrack.demonstration.service import PASSWORD
from tests.journeys.person import Person

FOCAL_POINT = "focal.np@example.org"
ACT = "Act on the recruitment of workers"
# The pages do not depend on the database: one look beside each.
LOOKS = {"sqlite": ("ar", 360), "postgresql": ("en", 1280)}


def _select(page: Page, words: str) -> None:
    """Draw the pointer over a sentence."""
    sentence = page.locator("label", has_text=words)
    # Into the middle: what can be done stands over the lower end of the page.
    sentence.evaluate("each => each.scrollIntoView({block: 'center', behavior: 'instant'})")
    box = sentence.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 1, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 6, steps=5)
    page.mouse.up()


def test_words_are_selected_and_quoted(
    make_person: Callable[[str, int], Person], database_kind: str
) -> None:
    delegate = make_person(*LOOKS[database_kind])
    page = delegate.page
    delegate.signs_in(FOCAL_POINT)
    delegate.goes(f"/library?q={ACT}")
    delegate.clicks("main table th a")
    document = page.url
    delegate.goes(f"{document}/text")
    delegate.clicks("#p3 a[href*='/quote?']")
    delegate.clicks("main ul a[href*='/quote/']")
    chosen = page.locator("[data-chosen]")
    expect(chosen).to_be_hidden()
    _select(page, "loses its licence")
    expect(chosen).to_be_visible()
    expect(page.locator("input:checked")).to_have_count(0)
    delegate.looks("selected")
    delegate.clicks("button[value=choose]")
    expect(page.locator("blockquote")).to_have_text(
        "An agency that takes a fee again loses its licence."
    )
    delegate.clicks("button[value=add]")
    kept = page.locator("#carried li", has_text="loses its licence")
    expect(kept).to_have_count(1)
    # From the note it leads back to the page where it stands.
    delegate.clicks("#carried a[href*='page=3']")
    expect(page.locator("#p3")).to_contain_text("loses its licence")
    assert delegate.faults == []


def test_sentences_are_ticked_without_script(browser: Browser, site: str) -> None:
    context = browser.new_context(
        java_script_enabled=False, locale="ar", viewport={"width": 360, "height": 800}
    )
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    page.fill("main [name=email]", FOCAL_POINT)
    page.fill("main [name=password]", PASSWORD)
    page.locator("main button.button").first.click()
    page.goto(f"{site}/library?q={ACT}")
    page.locator("main table th a").first.click()
    page.goto(f"{page.url}/quote")
    page.locator("main ul a[href*='/quote/']").first.click()
    note = page.url.split("/quote/")[0]
    page.goto(f"{note}/edit")
    page.click("button[value=quote]")
    page.fill("#find-q", "العاملين في المنازل")
    page.locator("form[role=search] button").last.click()
    page.locator(".finds a").first.click()
    page.locator("a[rel=next]").first.click()
    page.check("label:has-text('لا يجوز استقطاع') >> xpath=../input")
    page.check("label:has-text('المادة 9') >> xpath=../input")
    page.click("button[value=choose]")
    quoted = page.locator("blockquote[lang=ar][dir=rtl]")
    expect(quoted).to_contain_text("رسوم الاستقدام أو تكاليفه. المادة 9")
    page.click("button[value=add]")
    expect(page.locator("#carried li", has_text="لا يجوز استقطاع")).to_have_count(1)
    expect(page.locator(".flashes")).not_to_be_empty()
    context.close()

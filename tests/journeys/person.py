"""Act as a person does, in a browser of one's own."""

from __future__ import annotations

from collections import defaultdict

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from policytrack.demonstration.service import PASSWORD

_axe = Axe()
# What colours rest on: where an element stands, by the classes and attributes of those around it.
_TOLD = """
    const named = each => each.tagName + "." + (each.getAttribute("class") || "")
        + [...each.attributes].map(attribute => attribute.name);
    const told = each => each === document.documentElement
        ? "" : told(each.parentElement) + ">" + named(each);
    const speaks = each => each.matches("input, select, textarea")
        || [...each.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const all = [...document.querySelectorAll("body *")];
"""
_PLACES = f"() => {{ {_TOLD} return [...new Set(all.map(told))]; }}"
_STRUCTURE = """axe.run({
    resultTypes: ["violations"], rules: {"color-contrast": {enabled: false}}})"""
# Colours take axe six times as long as all the rest: two of a kind stand for those like them.
_COLOURS = f"""places => {{
    {_TOLD}
    const left = new Map(places.map(place => [place, 2]));
    const include = all.filter(speaks).filter(each => {{
        const place = told(each), number = left.get(place) || 0;
        left.set(place, number - 1);
        return number > 0;
    }});
    if (!include.length) return {{violations: []}};
    return axe.run({{include}}, {{resultTypes: ["violations"], runOnly: ["color-contrast"]}});
}}"""
# What axe has looked at, by language, width and colour scheme: kinds of pages and places in them.
_known: dict[tuple[str, int, str], set[str]] = defaultdict(set)
# The kinds whose structure it has looked at in one of the looks.
_built: set[str] = set()


class Person:
    """Act as one person in one browser, and look at every page on the way.

    axe takes its time: it examines how a page of a `kind` is built the first time, its colours in
    each look (language, width, scheme), and both again when the page holds what it never saw.
    """

    def __init__(self, context: BrowserContext, site: str, language: str, scheme: str) -> None:
        self.page: Page = context.new_page()
        self.site = site
        self.language = language
        self.faults: list[str] = []
        assert self.page.viewport_size is not None
        self.known = _known[language, self.page.viewport_size["width"], scheme]
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on(
            "console",
            lambda message: (
                self.faults.append(f"console: {message.text}") if message.type == "error" else None
            ),
        )

    def goes(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else f"{self.site}{path}")
        self.looks()

    def clicks(self, selector: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.looks()

    def looks(self, kind: str = "") -> None:
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        direction = "rtl" if self.language == "ar" else "ltr"
        expect(self.page.locator("html")).to_have_attribute("dir", direction)
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        where = self.page.url.removeprefix(self.site)
        if wide > 0:
            self.faults.append(f"{where}: {wide} px too wide")
        places = set(self.page.evaluate(_PLACES))
        new = sorted(places - self.known)
        again = not kind or f"kind:{kind}" in self.known
        if again and not new:
            return
        self.known |= {*places, f"kind:{kind}"}
        self.page.evaluate(_axe.axe_script)
        answers = []
        # What is built in one look is built in all.
        if again or kind not in _built:
            _built.add(kind)
            answers.append(self.page.evaluate(_STRUCTURE))
        if new:
            answers.append(self.page.evaluate(_COLOURS, new))
        for violation in (each for answer in answers for each in answer["violations"]):
            nodes = [node["html"][:160] for node in violation["nodes"][:3]]
            self.faults.append(f"{where}: {violation['id']}: {nodes}")

    def becomes(self, email: str) -> None:
        """Sign in as somebody else, or as nobody, with a browser that remembers nothing."""
        self.page.context.clear_cookies()
        if email:
            self.signs_in(email)
        else:
            self.page.goto(f"{self.site}/")
            self.speaks()

    def signs_in(self, email: str) -> None:
        self.page.goto(f"{self.site}/sign-in")
        self.speaks()
        self.looks()
        self.page.fill("main [name=email]", email)
        self.page.fill("main [name=password]", PASSWORD)
        with self.page.expect_navigation():
            self.page.locator("main button.button").first.click()
        self.speaks()
        self.looks()

    def speaks(self) -> None:
        """Choose the language as a person would: with the switch in the header."""
        if self.page.locator("html").get_attribute("lang") == self.language:
            return
        switch = self.page.locator(f".languages button[value={self.language}]")
        if not switch.is_visible():
            self.page.locator("header .menu-button").first.click()
        with self.page.expect_navigation():
            switch.click()

    def signs_out(self) -> None:
        if not self.page.locator(".account summary").is_visible():
            self.page.locator("header .menu-button").first.click()
        self.page.locator(".account summary").click()
        with self.page.expect_navigation():
            self.page.locator("form[data-sign-out] button").click()
        self.looks()

"""What to leave out where nothing is found: with counts of what the asker may find."""

from __future__ import annotations

from policytrack.core.documents import RESTRICTED, SECRETARIAT, own
from policytrack.core.permissions import ANONYMOUS
from policytrack.search.advice import Drop
from tests.search.conftest import Ask
from tests.search.sources import Shelf
from tests.search.test_engine import FOCAL_POINT, OFFICER, OTHER_FOCAL_POINT


def test_which_filter_or_part_to_drop(notes: Shelf, ask: Ask) -> None:
    notes.put("one", "Fees", "fee ban of households", codes={"country": ("NP",), "theme": ("A1",)})
    notes.put("two", "Fees", "fee ban of ships", codes={"country": ("QA",), "theme": ("A2",)})
    found = ask("ban", filters={"country": ("NP",), "theme": ("A2",)})
    assert found.drops == (Drop(1, facets=("country",)), Drop(1, facets=("theme",)))
    found = ask("ban", filters={"country": ("KW",), "theme": ("A4",), "sector": ("care",)})
    assert found.drops == (Drop(2, facets=("country", "theme", "sector")),)
    found = ask("ban country:NP theme:A2")
    assert found.drops == (
        Drop(1, text="country:NP", rest="ban theme:A2"),
        Drop(1, text="theme:A2", rest="ban country:NP"),
    )
    assert ask('"ban fee"').drops == (Drop(2, rest="ban fee"),)
    found = ask("giraffe zebra country:NP")
    assert found.drops == (Drop(1, text="giraffe zebra", rest="country:NP"),)
    found = ask("giraffe", filters={"country": ("NP",)})
    assert found.drops == (Drop(1, text="giraffe", rest=""),)
    found = ask('"zebra ban" fee country:NP', filters={"year": ("1999",), "theme": ("A1",)})
    assert found.drops == (Drop(1, facets=("year", "theme"), rest="fee country:NP"),)
    assert ask("giraffe zebra").drops == ()
    assert ask("ban").drops == ()


def test_each_count_is_kept_by_the_search_it_leads_to(notes: Shelf, ask: Ask) -> None:
    for number in range(7):
        notes.put(f"n{number}", "Note", f"word{number} ban", codes={"country": ("NP",)})
    for typed in ('"ban word1" country:NP', "ban -ban", "(zebra OR word2) country:QA year:1999"):
        for drop in ask(typed).drops:
            assert ask(drop.rest).total == drop.count > 0, (typed, drop)


def test_no_count_speaks_of_what_is_hidden(notes: Shelf, ask: Ask) -> None:
    notes.put("open", "Fees", "ban", codes={"country": ("NP",)})
    notes.put("draft", "Fees", "ban zebra", codes={"country": ("QA",)}, access=(own(7),))
    notes.put("sent", "Fees", "ban", codes={"country": ("KW",)}, access=(own(7), SECRETARIAT))
    notes.put("inner", "Fees", "ban", codes={"country": ("LB",)}, access=(RESTRICTED,))
    expected = {ANONYMOUS: 1, OTHER_FOCAL_POINT: 2, FOCAL_POINT: 4}
    for actor, count in expected.items():
        found = ask("ban", actor, filters={"country": ("JO",)})
        assert found.drops == (Drop(count, facets=("country",)),)
        assert ask("ban country:JO", actor).drops[0] == Drop(count, text="country:JO", rest="ban")
    assert ask("ban zebra", ANONYMOUS, filters={"country": ("QA",)}).drops == (
        Drop(1, facets=("country",)),
    )
    assert "QA" not in ask("ban", OFFICER).counts["country"]

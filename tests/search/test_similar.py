"""What is similar: close in words and in what it is about, never itself, never what is hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.core.documents import PUBLIC, RESTRICTED, SECRETARIAT, own
from policytrack.core.errors import NotFound
from policytrack.core.permissions import ANONYMOUS, Actor, Role, Seat
from policytrack.core.review import State
from policytrack.search import similar
from policytrack.search.index import follower
from policytrack.search.index.follower import Follower
from policytrack.search.index.generations import Unusable
from policytrack.search.index.snapshot import search_of
from policytrack.search.similar import Similar
from tests.factories import make_commitment, make_constituent, make_document, make_member
from tests.progress.test_queries import counted
from tests.search.sources import Shelf

FOCAL_POINT = Actor(user_id=1, seats=(Seat(7, Role.FOCAL_POINT, "governments", "NP"),))
OFFICER = Actor(user_id=3, roles=frozenset({Role.SECRETARIAT}))
PRACTICE = ("practice",)


class Library(Shelf):
    """Hold documents, and as many commitments."""

    def __init__(self) -> None:
        super().__init__("document")
        self.promised = Shelf("commitment")


@pytest.fixture
def library(app: Flask, database: Session) -> Iterator[Library]:
    """Feed the index from a shelf of documents and one of commitments."""
    real = search_of(app)
    shelf = Library()
    follower.init_app(app, (shelf, shelf.promised))
    for number in range(12):
        shelf.put(f"far{number}", f"Courses {number}", "Cooking and sewing before the journey.")
    yield shelf
    search_of(app).close()
    app.extensions["search"] = real


@pytest.fixture
def near(app: Flask, library: Library) -> Callable[..., list[str]]:
    """Return a way to ask for what is similar, after the index has caught up."""

    def act(public_id: str, actor: Actor = ANONYMOUS, kind: str = "document") -> list[str]:
        Follower(app).follow()
        return names(similar.similar(app, kind, public_id, actor=actor, language="en"))

    return act


def names(found: Similar) -> list[str]:
    return [each.result.key.split(":")[1] for each in found.found]


FEES = "Employers repay recruitment fees that agencies charged to migrant workers."


def test_the_closest_in_wording_stands_first(
    library: Library, near: Callable[..., list[str]]
) -> None:
    library.put("own", "Recruitment fees", FEES)
    library.put("close", "Fees", "Agencies charged recruitment fees; employers repay workers.")
    library.put("less", "Shelters", "Legal aid for migrant workers whom agencies charged.")
    assert near("own")[:2] == ["close", "less"]
    assert "own" not in near("own")
    assert not any(name.startswith("far") for name in near("own"))


def test_what_it_is_about_counts_beside_its_words(
    library: Library, near: Callable[..., list[str]]
) -> None:
    codes = {"theme": ("A1", "A1.1"), "country": ("NP", "QA"), "corridor": ("NP-QA",)}
    library.put("own", "Recruitment fees", FEES, codes=codes)
    library.put("elsewhere", "Fees", "Agencies repay recruitment fees.")
    library.put("here", "Fees", "Agencies repay recruitment fees.", codes=codes)
    # In another language no word is the same.
    library.put("ar", "رسوم", "يسدد أصحاب العمل ما دفعه العمال", language="ar", codes=codes)
    found = near("own")
    assert found[0] == "here"
    assert set(found) == {"here", "elsewhere", "ar"}


def test_a_commitment_finds_practices_alone(
    library: Library, near: Callable[..., list[str]]
) -> None:
    library.promised.put("promise", "Recruitment fees", FEES)
    library.promised.put("other", "Recruitment fees", FEES)
    library.put("law", "Recruitment fees", FEES, codes={"type": ("law",)})
    library.put("practice", "Fees repaid", FEES, codes={"type": PRACTICE})
    assert near("promise", kind="commitment") == ["practice"]
    assert sorted(near("law")) == ["practice"]


def test_nobody_learns_of_what_they_may_not_see(
    library: Library, near: Callable[..., list[str]]
) -> None:
    library.put("own", "Recruitment fees", FEES)
    library.put("public", "Fees", FEES)
    for name, access in (("bodies", RESTRICTED), ("draft", own(7)), ("sent", SECRETARIAT)):
        library.put(name, "Fees", FEES, access=(access,))
    library.put("gone", "Fees", FEES, access=(PUBLIC,))
    library.hidden.add("document:gone:published")  # no longer, and the index does not know yet
    assert near("own") == ["public"]
    assert sorted(near("own", FOCAL_POINT)) == ["bodies", "draft", "public"]
    assert sorted(near("own", OFFICER)) == ["bodies", "public", "sent"]
    for name in ("bodies", "draft", "sent", "gone", "missing"):
        with pytest.raises(NotFound):
            near(name)
    assert sorted(near("draft", FOCAL_POINT)) == ["bodies", "own", "public"]
    # What is hidden changes nothing of what others find, not even the order.
    before = near("own")
    for number in range(5):
        library.put(f"secret{number}", "Cooking", "Cooking and fees", access=(own(7),))
    assert near("own") == before


def test_statements_do_not_grow_with_what_is_similar(
    app: Flask, library: Library, near: Callable[..., list[str]], client: FlaskClient
) -> None:
    library.put("own", "Recruitment fees", FEES)
    counts = []
    for until in (2, 9):
        for number in range(until):
            library.put(f"near{number}", "Fees", FEES)
        near("own")
        with counted() as statements:
            client.get("/search/similar?of=document:own")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_page(library: Library, near: Callable[..., list[str]], client: FlaskClient) -> None:
    codes = {"theme": ("A1", "A1.1"), "country": ("NP", "QA"), "corridor": ("NP-QA",)}
    library.put("own", "Recruitment <fees>", FEES, codes=codes)
    library.put("near", "Fees <b>repaid", FEES, codes=codes)
    near("own")
    html = client.get("/search/similar?of=document:own").get_data(as_text=True)
    assert "Recruitment &lt;fees&gt;" in html
    assert "Fees &lt;b&gt;repaid" in html
    assert "Nepal to Qatar" in html
    for bad in (
        "", "document", "document:", ":own", "note:own", "document:missing",
        "document:own:published", "document:%00", "document:" + "x" * 5000,
        "country:NP", "__class__:x", "دول:ة",
    ):  # fmt: skip
        assert client.get(f"/search/similar?of={bad}").status_code == 404, bad
    assert client.get("/search/similar").status_code == 404


def test_a_text_without_words_is_close_to_nothing(
    library: Library, near: Callable[..., list[str]]
) -> None:
    library.put("own", "", "")
    library.put("signs", "!!!", "12 34 ...")
    assert near("own") == []
    assert near("signs") == []


def test_without_an_index_it_says_so(app: Flask, library: Library, client: FlaskClient) -> None:
    library.put("own", "Recruitment fees", FEES)
    with pytest.raises(Unusable):
        similar.similar(app, "document", "own", actor=ANONYMOUS, language="en")
    answer = client.get("/search/similar?of=document:own")
    assert answer.status_code == 503
    assert "being rebuilt" in answer.get_data(as_text=True)


def test_real_documents_over_roles_and_states(
    app: Flask,
    database: Session,
    client: FlaskClient,
    sign_in: Callable[[FlaskClient, User], None],
) -> None:
    ours, theirs = make_constituent(), make_constituent()
    member = make_member(ours)
    summary = FEES
    public = make_document(ours, title="Fees repaid", summary=summary, type="practice")
    make_document(ours, title="Fees kept secret", summary=summary, visibility="constituents")
    make_document(ours, title="Fees in a draft", summary=summary, state=State.DRAFT)
    make_document(theirs, title="Fees of a draft elsewhere", summary=summary, state=State.DRAFT)
    make_document(theirs, title="Fees of others", summary=summary)
    commitment = make_commitment(ours, title="Recruitment fees are repaid", text=FEES)
    Follower(app).follow()

    def page(of: str) -> str:
        answer = client.get(f"/search/similar?of={of}")
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    html = page(f"document:{public.public_id}")
    assert "Fees of others" in html
    assert "secret" not in html
    assert "in a draft" not in html
    assert "elsewhere" not in html
    html = page(f"commitment:{commitment.public_id}")
    assert "Practices that speak to this" in html
    assert "Fees repaid" in html
    assert "Fees of others" not in html
    shown = client.get(f"/library/{public.public_id}").get_data(as_text=True)
    assert f"/search/similar?of=document:{public.public_id}" in shown
    sign_in(client, member)
    html = page(f"document:{public.public_id}")
    assert "secret" in html
    assert "Fees in a draft" in html
    assert "elsewhere" not in html

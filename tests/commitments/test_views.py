"""What a person meets in the pages that propose, edit, decide, translate and compare."""

from __future__ import annotations

import io
import re

import html5lib
import pytest
from sqlalchemy import select

from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.commitments.rules import TextState
from policytrack.core.permissions import Role
from tests.core.files_made import pdf
from tests.factories import make_commitment, make_constituent, make_member, make_user

HOSTILE = "<script>alert(1)</script> \u202eرسوم\u202c & “fees” {{ 7*7 }} \x00"


@pytest.fixture
def lead(database):
    return make_constituent()


@pytest.fixture
def as_(app, sign_in):
    def browser(user=None):
        client = app.test_client()
        if user is not None:
            sign_in(client, user)
        return client

    return browser


def page_of(client, address, code=200):
    answer = client.get(address)
    assert answer.status_code == code, answer.text[-2000:]
    check(answer.text)
    return answer


def check(text):
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(text)
    assert parser.errors == []
    assert len(tree.findall(".//h1")) == 1
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), sorted(each for each in ids if ids.count(each) > 1)


def hidden(text, name):
    return re.findall(rf'name="{name}"[^>]* value="([^"]*)"', text)[0]


def sent(client, page, **fields):
    """Return what the page's form sends, with these fields filled in."""
    names = ("csrf_token", "form_key", "number", "version", "seen")
    kept = {name: hidden(page.text, name) for name in names if f'name="{name}"' in page.text}
    return {**kept, **fields}


TEXT = {
    "language": "en",
    "title": "No fee for any worker",
    "text": "The employer pays.",
    "gender_marker": "2",
    "provisions": ["BALI:B1"],
    "themes": ["A1.1", "A1.2"],
    "corridors": ["NP-QA"],
    "indicators-0-label": "Workers without fee",
    "indicators-0-unit": "people",
    "indicators-0-target": "١١٨٠",
    "milestones-0-label": "Decree",
    "milestones-0-due_on": "2027-01-31",
}


def test_a_focal_point_proposes_and_accepts(lead, as_, database):
    client = as_(make_member(lead))
    page = page_of(client, "/commitments/propose")
    answer = client.post(
        "/commitments/propose", data=sent(client, page, lead=lead.public_id, **TEXT)
    )
    assert answer.status_code == 303
    review = answer.headers["Location"]
    page = page_of(client, review)
    assert "No fee for any worker" in page.text
    assert "Workers without fee" in page.text

    for action in ("propose", "accept"):
        page = page_of(client, review)
        place = review.replace("compare", action)
        answer = client.post(place, data=sent(client, page))
        assert answer.status_code == 303, answer.text

    assert answer.headers["Location"].endswith("/commitments/BALI-B1-NP-01")
    database.rollback()
    thing = database.scalars(select(Commitment)).one()
    assert thing.in_force.title == "No fee for any worker"
    assert thing.indicators[0].target == 1180
    assert "No fee for any worker" in page_of(as_(), "/commitments/BALI-B1-NP-01/compare").text


def test_a_form_sent_twice_makes_one_commitment(lead, as_, database):
    client = as_(make_member(lead))
    page = page_of(client, "/commitments/propose")
    data = sent(client, page, lead=lead.public_id, **TEXT)

    first, second = (client.post("/commitments/propose", data=data) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    database.rollback()
    assert len(database.scalars(select(Commitment)).all()) == 1


def test_what_is_missing_is_said_on_top_and_nothing_typed_is_lost(lead, as_):
    client = as_(make_member(lead))
    page = page_of(client, "/commitments/propose")
    answer = client.post(
        "/commitments/propose",
        data=sent(
            client,
            page,
            lead=lead.public_id,
            language="ne",
            title=" ",
            text="मेरो पाठ",
            starts_on="2027-01-01",
            due_on="2026-01-01",
            **{"milestones-3-label": "", "milestones-3-due_on": "2026-01-01"},
        ),
    )

    assert answer.status_code == 422
    check(answer.text)
    summary = answer.text.split('class="error-summary"')[1].split("</div>")[0]
    for sentence in (
        "Write a title.",
        "Choose at least one provision.",
        "Choose at least one theme.",
        "The due date lies before the start.",
        "Name the step",
    ):
        assert sentence in summary
    for target in re.findall(r'href="#([^"]+)"', summary):
        assert f'id="{target}"' in answer.text
    assert "मेरो पाठ" in answer.text
    assert 'value="2027-01-01"' in answer.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x" * 301),
        ("text", "x" * 20_001),
        ("language", "klingon"),
        ("gender_marker", "9"),
        ("gender_marker", "two"),
        ("provisions", ["BALI:B1", "BALI:B1' OR 1=1"]),
        ("themes", ["A1.1", "\x00"]),
        ("lead", "nosuch2222"),
        ("starts_on", "0001-01-01"),
        ("due_on", "31/12/2027"),
        ("indicators-0-target", "9" * 400),
        ("indicators-0-unit", "gold"),
        ("indicators-0-public_id", "x" * 4000),
    ],
)
def test_bad_input_is_refused_with_a_sentence(lead, as_, database, field, value):
    client = as_(make_member(lead))
    page = page_of(client, "/commitments/propose")

    answer = client.post(
        "/commitments/propose",
        data=sent(client, page, **{"lead": lead.public_id, **TEXT, field: value}),
    )

    assert answer.status_code == 422
    check(answer.text)
    assert "error-summary" in answer.text
    database.rollback()
    assert database.scalars(select(Commitment)).all() == []


def test_hostile_text_is_shown_as_text(lead, as_, database):
    client = as_(make_member(lead))
    page = page_of(client, "/commitments/propose")
    answer = client.post(
        "/commitments/propose",
        data=sent(client, page, **{**TEXT, "title": HOSTILE, "text": HOSTILE,
                                   "lead": lead.public_id, "milestones-0-label": HOSTILE}),
    )  # fmt: skip

    page = page_of(client, answer.headers["Location"])
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; رسوم &amp; “fees” {{ 7*7 }}" in page.text
    assert "\u202e" not in page.text


def test_endless_rows_are_cut_off(lead, as_):
    client = as_(make_member(lead))
    page = page_of(client, "/commitments/propose")
    rows = {f"indicators-{10**n}-label": "x" for n in range(100)}

    answer = client.post(
        "/commitments/propose", data=sent(client, page, lead=lead.public_id, **rows)
    )

    assert answer.status_code == 422


# --- stale saves ----------------------------------------------------------------------------------


def test_a_stale_save_shows_both_texts_and_can_be_laid_onto_the_newer(lead, as_, database):
    one, two = as_(make_member(lead)), as_(make_member(lead))
    thing = make_commitment(lead, state=TextState.DRAFT, title="Old title", text="Old text.")
    address = f"/commitments/{thing.public_id}/edit"
    mine, theirs = page_of(one, address), page_of(two, address)
    fields = {**TEXT, "title": "Their title", "text": "Their text."}
    assert two.post(address, data=sent(two, theirs, **fields)).status_code == 303

    fields = {**TEXT, "title": "My title", "text": "My text."}
    answer = one.post(address, data=sent(one, mine, **fields))

    assert answer.status_code == 409
    check(answer.text)
    for words in ("Their title", "Their text.", "My title", "My text.", "Workers without fee"):
        assert words in answer.text
    database.rollback()
    assert database.scalars(select(CommitmentRevision.title)).all() == ["Their title"]

    again = one.post(address, data=sent(one, answer, **fields))

    assert again.status_code == 303
    database.rollback()
    assert database.scalars(select(CommitmentRevision.title)).all() == ["My title"]


def test_two_new_texts_from_the_same_one_in_force(lead, as_, database):
    one, two = as_(make_member(lead)), as_(make_member(lead))
    thing = make_commitment(lead)
    address = f"/commitments/{thing.code}/edit"
    pages = page_of(one, address), page_of(two, address)
    assert one.post(address, data=sent(one, pages[0], **TEXT)).status_code == 303

    answer = two.post(address, data=sent(two, pages[1], **{**TEXT, "title": "Mine"}))

    assert answer.status_code == 409
    assert "No fee for any worker" in answer.text
    assert "Mine" in answer.text


# --- who may --------------------------------------------------------------------------------------


@pytest.fixture
def everyone(lead, as_):
    other = make_constituent(group="workers")
    return {
        "F": as_(make_member(lead)),
        "C": as_(make_member(lead, Role.CONTRIBUTOR)),
        "otherF": as_(make_member(other)),
        "officer": as_(make_user(Role.SECRETARIAT)),
        "admin": as_(make_user(Role.ADMINISTRATOR)),
        "researcher": as_(make_user(Role.RESEARCHER)),
        "public": as_(),
    }


CODES = {
    # address: state -> role -> code
    ("compare", "draft"): {"F": 200, "C": 200, "otherF": 404, "officer": 404, "admin": 404,
                           "researcher": 404, "public": 404},
    ("compare", "proposed"): {"F": 200, "C": 200, "otherF": 404, "officer": 200, "admin": 200,
                              "researcher": 404, "public": 404},
    ("edit", "draft"): {"F": 200, "C": 403, "otherF": 404, "officer": 404, "researcher": 404},
    ("edit", "proposed"): {"F": 422, "C": 403, "otherF": 404, "officer": 422, "researcher": 404},
    ("edit", "accepted"): {"F": 200, "C": 403, "otherF": 403, "officer": 200, "admin": 403,
                           "researcher": 403},
    ("translations", "draft"): {"F": 404, "otherF": 404, "officer": 404},
    ("translations", "accepted"): {"F": 200, "C": 403, "otherF": 403, "officer": 200,
                                   "researcher": 403},
    ("letter/1", "accepted"): {"F": 404, "officer": 404, "otherF": 403},
}  # fmt: skip


@pytest.mark.parametrize(("where", "state"), list(CODES))
def test_what_one_may_not_see_is_not_there_and_what_one_may_not_do_is_refused(
    lead, everyone, where, state
):
    thing = make_commitment(lead, state=TextState(state))
    for who, code in CODES[(where, state)].items():
        answer = everyone[who].get(f"/commitments/{thing.address}/{where}")
        assert answer.status_code == code, who


@pytest.mark.parametrize(("who", "code"), [("C", 403), ("otherF", 404), ("researcher", 404)])
def test_others_cannot_act(lead, everyone, who, code):
    thing = make_commitment(lead, state=TextState.PROPOSED)
    token = hidden(everyone[who].get("/commitments").text, "csrf_token")
    for action in ("accept", "decline", "withdraw", "letter"):
        answer = everyone[who].post(
            f"/commitments/{thing.public_id}/{action}",
            data={"csrf_token": token, "number": "1", "version": "1", "reason": "No."},
        )
        assert answer.status_code == code, action


def test_an_unknown_action_does_not_exist(lead, everyone):
    thing = make_commitment(lead, state=TextState.PROPOSED)
    token = hidden(everyone["F"].get("/commitments").text, "csrf_token")

    answer = everyone["F"].post(
        f"/commitments/{thing.public_id}/destroy", data={"csrf_token": token}
    )

    assert answer.status_code == 404


def test_a_refusal_without_a_reason_comes_back_with_the_form(lead, everyone):
    thing = make_commitment(lead, state=TextState.PROPOSED)
    page = page_of(everyone["F"], f"/commitments/{thing.public_id}/compare")

    answer = everyone["F"].post(
        f"/commitments/{thing.public_id}/decline", data=sent(everyone["F"], page, language="en")
    )

    assert answer.status_code == 422
    check(answer.text)
    assert "Write why" in answer.text


def test_a_letter_is_filed_and_read_by_the_few(lead, everyone, database):
    thing = make_commitment(lead, state=TextState.PROPOSED)
    officer = everyone["officer"]
    page = page_of(officer, f"/commitments/{thing.public_id}/compare")
    place = f"/commitments/{thing.public_id}/letter"
    answer = officer.post(place, data=sent(officer, page))
    assert answer.status_code == 422
    assert "Choose the file" in answer.text
    page = page_of(officer, f"/commitments/{thing.public_id}/compare")
    lie = {"letter": (io.BytesIO(b"<html>"), "letter.pdf")}
    answer = officer.post(place, data=sent(officer, page, **lie))
    assert answer.status_code == 422
    check(answer.text)

    letter = {"letter": (io.BytesIO(pdf()), "letter.pdf")}
    answer = officer.post(place, data=sent(officer, page, **letter))

    assert answer.status_code == 303
    database.rollback()
    code = database.scalars(select(Commitment.code)).one()
    assert code
    public = page_of(everyone["public"], f"/commitments/{code}/compare")
    assert "Accepted by a signed letter." in public.text
    for who, expected in {"F": 200, "C": 200, "officer": 200, "admin": 200, "otherF": 403}.items():
        assert everyone[who].get(f"/commitments/{code}/letter/1").status_code == expected


def test_a_draft_is_discarded_and_gone(lead, everyone):
    thing = make_commitment(lead, state=TextState.DRAFT)
    page = page_of(everyone["F"], f"/commitments/{thing.public_id}/compare")

    answer = everyone["F"].post(
        f"/commitments/{thing.public_id}/discard", data=sent(everyone["F"], page)
    )

    assert answer.headers["Location"] == "/commitments"
    assert everyone["F"].get(f"/commitments/{thing.public_id}/compare").status_code == 404


# --- comparing ------------------------------------------------------------------------------------


def revised(lead, client, **fields):
    thing = make_commitment(lead, text="The worker pays half.", countries=())
    page = page_of(client, f"/commitments/{thing.code}/edit")
    answer = client.post(
        f"/commitments/{thing.code}/edit",
        data=sent(client, page, **{**TEXT, "text": "The worker pays nothing.", **fields}),
    )
    assert answer.status_code == 303
    return thing


def test_changes_are_marked_word_by_word(lead, everyone):
    thing = revised(lead, everyone["F"], countries=["PH"])

    page = page_of(everyone["C"], f"/commitments/{thing.code}/compare")

    assert re.search(r"<del>.*half.*</del>", page.text)
    assert re.search(r"<ins>.*nothing.*</ins>", page.text)
    assert re.search(r"<ins>.*Philippines.*</ins>", page.text)


def test_a_hidden_draft_cannot_be_compared_or_guessed(lead, everyone):
    thing = revised(lead, everyone["F"])

    for who in ("public", "otherF", "officer"):
        page = page_of(everyone[who], f"/commitments/{thing.code}/compare")
        assert "nothing" not in page.text
        for query in ("new=2", "old=2", "old=2&new=1", "new=99", "new=-1", "new=x", "new=²"):
            answer = everyone[who].get(f"/commitments/{thing.code}/compare?{query}")
            assert answer.status_code == 404, query


# --- translating ----------------------------------------------------------------------------------


def test_a_translation_is_added_read_and_replaced(lead, everyone, database):
    thing = make_commitment(lead)
    client, place = everyone["F"], f"/commitments/{thing.code}/translations"
    fields = {
        "revision": "1",
        "language": "ar",
        "kind": "official",
        "title": "لا رسوم",
        "text": "نص",
    }
    page = page_of(client, place)
    answer = client.post(place, data=sent(client, page, **fields))
    assert answer.status_code == 303, answer.text

    stale = client.post(
        place,
        data=sent(client, page, **{**fields, "title": "عنوان آخر", "form_key": "another"}),
    )
    assert stale.status_code == 409
    check(stale.text)
    assert "لا رسوم" in stale.text
    assert "عنوان آخر" in stale.text
    again = client.post(
        place,
        data=sent(client, stale, **{**fields, "title": "عنوان آخر", "form_key": "third"}),
    )
    assert again.status_code == 303

    public = everyone["public"]
    public.set_cookie("language", "ar")
    assert "عنوان آخر" in page_of(public, f"/commitments/{thing.code}/compare").text


def test_the_secretariat_is_not_offered_official_translations(lead, everyone):
    thing = make_commitment(lead)
    place = f"/commitments/{thing.code}/translations"
    client = everyone["officer"]
    page = page_of(client, place)
    assert 'value="official"' not in page.text

    answer = client.post(
        place,
        data=sent(client, page, revision="1", language="ar", kind="official", title="x", text="y"),
    )

    assert answer.status_code == 422


def test_a_translation_of_no_known_text_is_refused(lead, everyone):
    thing = make_commitment(lead)
    place = f"/commitments/{thing.code}/translations"
    client = everyone["F"]
    page = page_of(client, place)
    for revision in ("2", "", "x", "9" * 400):
        answer = client.post(
            place,
            data=sent(client, page, revision=revision, language="ar", kind="official",
                      title="x", text="y"),
        )  # fmt: skip
        assert answer.status_code == 422, revision


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_are_valid_in_both_languages(lead, everyone, language):
    thing = make_commitment(lead, corridors=("NP-QA",), indicator=True, title="ط" * 300)
    for who in ("F", "officer"):
        everyone[who].set_cookie("language", language)
        for where in ("edit", "compare", "translations"):
            page_of(everyone[who], f"/commitments/{thing.code}/{where}")
        page_of(everyone[who], "/commitments/propose")

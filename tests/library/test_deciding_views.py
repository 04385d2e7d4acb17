"""Documents are handed in, decided on and found again by those whose task it is."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from policytrack.constituents.rules import Group
from policytrack.core import clock, paging
from policytrack.core.db import session as current_session
from policytrack.core.ids import new_id
from policytrack.core.outbox import OutboxItem
from policytrack.core.review import Action, State
from policytrack.library import rules, service
from tests.factories import NOW, make_constituent, make_document
from tests.library.scene import SAID, As, Scene, send, token

REASON = "المادة رقم كم؟"
# Who takes which step from where; all others are refused, and who may not see it finds nothing.
WHO = ("focal", "contributor", "observer", "outsider", "officer", "second", "administrator",
       "researcher")  # fmt: skip
STEPS: dict[tuple[State, Action], frozenset[str]] = {
    (State.DRAFT, Action.SUBMIT): frozenset({"focal"}),
    (State.DRAFT, Action.DISCARD): frozenset({"focal"}),
    (State.SUBMITTED, Action.WITHDRAW): frozenset({"focal"}),
    (State.SUBMITTED, Action.TAKE_UP): frozenset({"officer", "second"}),
    (State.IN_REVIEW, Action.RETURN): frozenset({"officer"}),
    (State.IN_REVIEW, Action.PUBLISH): frozenset({"officer"}),
    (State.PUBLISHED, Action.REVISE): frozenset({"focal"}),
    (State.PUBLISHED, Action.RETRACT): frozenset({"officer", "second"}),
}


def act(scene: Scene, as_: As, who: str, public_id: str, action: str, **data: Any) -> Any:
    return send(as_(who), f"/library/{public_id}/{action}", data)


def given(scene: Scene, public_id: str, action: Action) -> dict[str, str]:
    if action is Action.SUBMIT:
        return {"version": scene.stamp(public_id), "people_protected": "y"}
    return {"reason": REASON, "language": "ar", "internal_comment": "Third time."}


@pytest.mark.parametrize(("state", "action"), STEPS, ids=lambda each: str(each))
def test_each_step_is_for_those_whose_it_is(
    scene: Scene, as_: As, state: State, action: Action
) -> None:
    takers = STEPS[state, action]
    public_id = scene.in_state(state)
    for who in WHO:
        if who in takers:
            continue
        data = given(scene, public_id, action)
        sees = as_(who).get(f"/library/{public_id}").status_code == 200
        answer = act(scene, as_, who, public_id, action, **data)
        assert answer.status_code == (403 if sees else 404), who
        fresh = scene.document(public_id)
        revision = fresh.open or fresh.published
        assert revision is not None
        assert revision.state == state, who
    for who in sorted(takers):
        data = given(scene, public_id, action)
        answer = act(scene, as_, who, public_id, action, **data)
        assert answer.status_code == 303, (who, answer.get_data(as_text=True))
        public_id = scene.in_state(state)


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED])
def test_what_is_hidden_answers_as_what_is_not_there(scene: Scene, as_: As, state: State) -> None:
    public_id, missing = scene.in_state(state), new_id()
    for who in ("public", "researcher", "outsider"):
        browser = as_(who)
        data = {"csrf_token": token(browser), "reason": "x"}
        for action in (*Action, "nonsense", "files", "uploads"):
            answer = browser.post(f"/library/{public_id}/{action}", data=data)
            nobody = browser.post(f"/library/{missing}/{action}", data=data)
            assert answer.status_code == nobody.status_code, (who, action)
            assert SAID["title"] not in answer.get_data(as_text=True)


def test_an_unknown_step_is_no_page(scene: Scene, as_: As) -> None:
    public_id = scene.published()
    assert act(scene, as_, "officer", public_id, "nonsense").status_code == 404
    assert act(scene, as_, "officer", "zz", "publish").status_code == 404


def test_a_document_goes_the_whole_way(scene: Scene, as_: As) -> None:
    public_id = scene.start()
    page = as_("focal").get(f"/library/{public_id}").get_data(as_text=True)
    assert "Submit to the secretariat" in page
    answer = act(scene, as_, "focal", public_id, "submit", version=scene.stamp(public_id))
    assert answer.status_code == 422
    assert "Confirm that nobody can be identified." in answer.get_data(as_text=True)
    data = given(scene, public_id, Action.SUBMIT)
    assert act(scene, as_, "focal", public_id, "submit", **data).status_code == 303
    page = as_("officer").get(f"/library/{public_id}").get_data(as_text=True)
    assert "Take up for review" in page
    assert act(scene, as_, "officer", public_id, "take_up").status_code == 303
    assert "Take up for review" not in as_("second").get(f"/library/{public_id}").text
    answer = act(scene, as_, "officer", public_id, "return", reason=" \x00 ")
    assert answer.status_code == 422
    assert "Give the reason." in answer.get_data(as_text=True)
    data = given(scene, public_id, Action.RETURN)
    assert act(scene, as_, "officer", public_id, "return", **data).status_code == 303
    page = as_("focal").get(f"/library/{public_id}").get_data(as_text=True)
    assert REASON in page
    assert "Third time." not in page
    assert "Third time." in as_("officer").get(f"/library/{public_id}").text

    edit = f"/library/{public_id}/edit"
    again = {**SAID, "version": scene.stamp(public_id), "official_number": "12"}
    answer = send(as_("focal"), edit, {**again, "do": "submit", "people_protected": "y"})
    assert answer.status_code == 303
    assert act(scene, as_, "second", public_id, "take_up").status_code == 303
    assert as_("public").get(f"/library/{public_id}").status_code == 404
    assert act(scene, as_, "second", public_id, "publish").status_code == 303
    assert SAID["title"] in as_("public").get(f"/library/{public_id}").text

    answer = act(scene, as_, "focal", public_id, "revise")
    assert answer.headers["Location"] == edit
    assert as_("focal").get(edit).status_code == 200
    assert act(scene, as_, "focal", public_id, "discard").status_code == 303
    answer = act(scene, as_, "officer", public_id, "retract")
    assert answer.status_code == 422
    data = given(scene, public_id, Action.RETRACT)
    assert act(scene, as_, "officer", public_id, "retract", **data).status_code == 303
    gone = as_("public").get(f"/library/{public_id}")
    assert gone.status_code == 410
    assert REASON in gone.get_data(as_text=True)


def test_a_draft_thrown_away_is_gone(scene: Scene, as_: As) -> None:
    public_id = scene.start()
    answer = act(scene, as_, "focal", public_id, "discard")
    assert answer.headers["Location"] == "/library/mine"
    assert as_("focal").get(f"/library/{public_id}").status_code == 404


def test_a_submission_from_an_older_page_is_refused(scene: Scene, as_: As) -> None:
    public_id = scene.start()
    data = given(scene, public_id, Action.SUBMIT)
    newer = {**SAID, "version": data["version"], "summary": "Newer"}
    assert send(as_("contributor"), f"/library/{public_id}/edit", newer).status_code == 303
    assert act(scene, as_, "focal", public_id, "submit", **data).status_code == 409


def test_the_same_step_sent_twice_is_taken_once(scene: Scene, as_: As) -> None:
    public_id = scene.start()
    data = {**given(scene, public_id, Action.SUBMIT), "form_key": "k" * 43}
    first = act(scene, as_, "focal", public_id, "submit", **data)
    second = act(scene, as_, "focal", public_id, "submit", **data)
    assert (first.status_code, second.status_code) == (303, 303)
    # Without the key the second one comes too late.
    del data["form_key"]
    assert act(scene, as_, "focal", public_id, "submit", **data).status_code in {409, 422}
    for _again in range(2):
        last = act(scene, as_, "officer", public_id, "take_up")
    assert last.status_code == 409


def test_a_reason_of_any_length_and_language_is_checked(scene: Scene, as_: As) -> None:
    public_id = scene.in_review()
    long = "x" * (rules.REASON_LENGTH + 1)
    answer = act(scene, as_, "officer", public_id, "return", reason=long)
    assert answer.status_code == 422
    assert "longer than 5000 characters" in answer.get_data(as_text=True)
    answer = act(scene, as_, "officer", public_id, "return", reason="Why?", language="xx")
    assert answer.status_code == 422
    answer = act(scene, as_, "officer", public_id, "publish", internal_comment=long)
    assert answer.status_code == 422


# What is one's own


def listed(browser: Any, state: str = "") -> str:
    answer = browser.get("/library/mine", query_string={"state": state})
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def test_the_own_documents_stand_by_state(scene: Scene, as_: As) -> None:
    assert "There is nothing here yet." in listed(as_("focal"))
    scene.start(title="A draft of ours")
    scene.returned(title="A returned one of ours")
    scene.submitted(title="A submitted one of ours")
    scene.published(title="A published one of ours")
    other = make_document(scene.network, state=State.DRAFT, title="A draft of others")
    for who in ("focal", "contributor"):
        browser = as_(who)
        page = listed(browser)
        assert "A returned one of ours" in page, "what asks for most comes first"
        assert "Which article is it?" in page
        assert "Third time." not in page
        for state in ("draft", "submitted", "published"):
            page = listed(browser, state)
            assert page.count(" of ours") >= 1
            assert f"A {state}" in page
            assert other.public_id not in page
    assert "A draft of others" in listed(as_("observer"), "draft")
    assert "There is nothing here yet." in listed(as_("outsider"))
    # The office has what it writes on behalf, never the drafts of others.
    assert "of ours" not in listed(as_("officer"))


def test_what_the_office_writes_is_the_offices(scene: Scene, as_: As) -> None:
    scene.start("officer", title="Written on behalf")
    for who in ("officer", "second", "focal"):
        assert "Written on behalf" in listed(as_(who), "draft")


def test_states_and_pages_that_nobody_knows_are_the_first(scene: Scene, as_: As) -> None:
    scene.start(title="A draft of ours")
    for query in ("state=nonsense", "state=published", "page=-1", "page=abc", "state=draft&page=9"):
        page = as_("focal").get(f"/library/mine?{query}").get_data(as_text=True)
        assert "A draft of ours" in page


# The queue


def test_what_waits_stands_oldest_first(scene: Scene, as_: As) -> None:
    workers = make_constituent(group=Group.WORKERS)
    for number, body in enumerate((scene.ministry, workers, scene.network)):
        make_document(
            body,
            state=State.SUBMITTED,
            title=f"Waiting {number}",
            type="policy" if number else "law",
            submitted_at=NOW + timedelta(days=number),
        )
    make_document(scene.ministry, state=State.DRAFT, title="No part of it")
    scene.in_review(title="Taken up")
    browser = as_("officer")
    page = browser.get("/library/review").get_data(as_text=True)
    places = [page.index(f"Waiting {number}") for number in range(3)]
    assert places == sorted(places)
    assert "4 documents wait" in page
    assert scene.users["officer"].name in page
    assert "No part of it" not in page
    for query, expected in (
        ("type=law", {"Waiting 0", "Taken up"}),
        ("group=workers", {"Waiting 1"}),
        ("group=observers", {"Waiting 2"}),
        ("state=in_review", {"Taken up"}),
        ("mine=1", {"Taken up"}),
        ("state=draft", {"Waiting 0", "Waiting 1", "Waiting 2", "Taken up"}),
        ("page=99&type=nonsense", {"Waiting 0", "Waiting 1", "Waiting 2", "Taken up"}),
    ):
        page = browser.get(f"/library/review?{query}").get_data(as_text=True)
        found = {name for name in ("Waiting 0", "Waiting 1", "Waiting 2", "Taken up")
                 if name in page}  # fmt: skip
        assert found == expected, query


def test_the_whole_queue_is_taken_along_as_it_is_narrowed(scene: Scene, as_: As) -> None:
    for number in range(paging.SIZE + 2):
        make_document(
            scene.ministry,
            state=State.SUBMITTED,
            title=f"=Waiting {number:02}",
            type="policy" if number else "law",
            submitted_at=NOW + timedelta(days=number),
        )
    make_document(scene.ministry, state=State.DRAFT, title="No part of it")
    browser = as_("officer")
    page = unescape(browser.get("/library/review?type=policy").get_data(as_text=True))
    for kind in ("csv", "json", "xlsx"):
        assert f'href="/library/review/data.{kind}?type=policy"' in page
    found = json.loads(browser.get("/library/review/data.json?type=policy").data)
    titles = [f"=Waiting {number:02}" for number in range(1, paging.SIZE + 2)]
    assert [row["title"] for row in found["documents"]] == titles
    assert found["address"].endswith("/library/review?type=policy")
    row = found["documents"][0]
    assert browser.get(row["address"].partition("localhost")[2]).status_code == 200
    text = browser.get("/library/review/data.csv?type=law&page=9").data.decode("utf-8-sig")
    (line, *_notes) = csv.DictReader(io.StringIO(text))
    assert line["title"] == "'=Waiting 00"
    assert line["state"] == "submitted"
    for query in ("state=%00", "type=x&mine=maybe", "group=" + "x" * 3000):
        answer = browser.get(f"/library/review/data.json?{query}")
        assert len(json.loads(answer.data)["documents"]) == paging.SIZE + 2, query


@pytest.mark.parametrize("who", ["focal", "observer", "researcher", "administrator"])
def test_the_queue_is_the_secretariats(scene: Scene, as_: As, who: str) -> None:
    assert as_(who).get("/library/review").status_code == 403
    assert as_(who).get("/library/review/data.json").status_code == 403


@pytest.mark.parametrize("address", ["/library/mine?state=draft", "/library/review"])
def test_lists_ask_as_much_however_long_they_are(
    scene: Scene, as_: As, count_queries: Any, address: str
) -> None:
    browser = as_("focal" if "mine" in address else "officer")
    state = State.DRAFT if "mine" in address else State.SUBMITTED

    def asked(count: int) -> int:
        for _number in range(count):
            make_document(scene.ministry, state=state)
        browser.get(address)
        return int(count_queries(lambda: browser.get(address)))

    assert asked(1) == asked(15)


# Mail


def letters() -> list[tuple[str, str]]:
    fresh = current_session()
    fresh.rollback()
    items = fresh.scalars(select(OutboxItem).where(OutboxItem.kind == "mail"))
    return sorted((each.payload["template"], each.payload["to"]) for each in items)


def test_those_concerned_are_written_to(scene: Scene, as_: As) -> None:
    mail = {name: user.email for name, user in scene.users.items()}
    public_id = scene.start("contributor")
    scene.do(service.submit, public_id, "focal", people_protected=True,
             seen=scene.stamp(public_id))  # fmt: skip
    submitted = sorted(("document_submitted", mail[name]) for name in ("officer", "second"))
    assert letters() == submitted
    scene.do(service.take_up, public_id, "officer")
    scene.do(service.publish, public_id, "officer")
    people = ("contributor", "focal")
    published = [("document_published", mail[name]) for name in people]
    assert letters() == sorted(submitted + published)
    scene.do(service.retract, public_id, "officer", reason=REASON, language="ar")
    withdrawn = [("document_retracted", mail[name]) for name in people]
    assert letters() == sorted(submitted + published + withdrawn)
    for item in current_session().scalars(select(OutboxItem).where(OutboxItem.kind == "mail")):
        assert REASON not in str(item.payload), "it names, it does not quote"
        assert item.payload["values"]["title"] == SAID["title"]
        assert item.due_at <= clock.now()


def test_a_document_without_an_organisation_is_told_to_who_wrote_it(scene: Scene, as_: As) -> None:
    answer = send(as_("officer"), "/library/new", {"do": "without", "organisation": ""})
    public_id = answer.headers["Location"].split("/")[2]
    revision = scene.document(public_id, "officer").open
    assert revision is not None
    form = {**SAID, "version": revision.stamp, "do": "submit", "people_protected": "y"}
    assert send(as_("officer"), f"/library/{public_id}/edit", form).status_code == 303
    assert act(scene, as_, "officer", public_id, "take_up").status_code == 403
    assert act(scene, as_, "second", public_id, "take_up").status_code == 303
    assert act(scene, as_, "second", public_id, "return", reason="Why?").status_code == 303
    assert ("document_returned", scene.users["officer"].email) in letters()

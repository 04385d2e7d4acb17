"""What a programme achieved and taught is written by its own people, with its source."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policytrack.core import clock
from policytrack.core.db import transaction
from policytrack.core.permissions import ANONYMOUS
from policytrack.core.review import State
from policytrack.library.models import LibraryDocument, LibraryRevision
from policytrack.programmes import queries
from policytrack.programmes.models import ProgrammeItem
from policytrack.programmes.searchable import source as searchable
from policytrack.reference import service as reference
from tests.factories import make_document, make_programme, make_programme_item
from tests.pages.conftest import Count, Read
from tests.programmes.conftest import (
    CODE,
    HERE,
    Scene,
    carried,
    evaluation,
    fresh,
    programme,
    trail,
)

NEW = f"{HERE}/items/new"
SAID: dict[str, Any] = {
    "kind": "achievement",
    "language": "en",
    "text_en": "Workers who got legal advice",
    "country": "NP",
    "women": "١٬٨٤٠",  # noqa: RUF001 - Arabic digits, as a person types them
    "men": "960",
    "source": "https://example.org/report",
    "page": "12-14",
}


def items(retired: bool = False) -> list[ProgrammeItem]:
    return [each for each in programme().items if each.retired is retired]


def of(item: ProgrammeItem, act: str = "edit") -> str:
    return f"{HERE}/items/{item.code}/{act}"


def test_an_observer_adds_an_achievement_with_its_result_by_sex(
    scene: Scene, database: Session, read: Read
) -> None:
    scene.send("observer", NEW, **SAID)
    (item,) = items()
    assert (item.women, item.men, item.total) == (1840, 960, 2800)
    assert item.confidence == "medium"
    page = read(HERE)
    assert "Workers who got legal advice" in page
    assert "Stated by:" in page
    assert "page 12-14" in page
    (line,) = trail()
    assert (line.action, line.constituent_id) == ("programme.item_add", scene.agency.id)
    assert line.details == {"item": item.code}


def test_the_original_may_be_arabic_and_its_translation_says_so(scene: Scene, read: Read) -> None:
    said = {**SAID, "language": "ar", "text_ar": "مشورة قانونية للعمال"}
    scene.send("observer", NEW, **said)
    assert "Translated from: Arabic" in read(HERE)
    arabic = read(HERE, "ar")
    assert "مشورة قانونية للعمال" in arabic
    assert "Workers who got legal advice" not in arabic
    only = {**said, "text_en": "", "text_ar": "لا ترجمة لها"}
    scene.send("observer", NEW, **only)
    assert '<p lang="ar" dir="auto">لا ترجمة لها' in read(HERE)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text_en": ""}, "Write the text in the language of the original."),
        ({"text_en": "x" * 1001}, "longer than 1000 characters"),
        ({"total": "2799"}, "Women and men are more than the total."),
        ({"women": "-5"}, "Write a number without a sign"),
        ({"women": "2.5"}, "People are counted in whole numbers."),
        ({"women": "99999999999"}, "This is more people than there are."),
        ({"women": "many"}, "Write a number without a sign"),
        ({"country": "XX"}, "Choose from the list."),
        ({"kind": "boast"}, "Choose from the list."),
        ({"kind": ""}, "Choose from the list."),
        ({"language": "tlh"}, "Choose from the list."),
        ({"source": ""}, "Name one source"),
        ({"source": "x" * 2001}, "longer than 2000 characters"),
        ({"page": "1" * 21}, "longer than 20 characters"),
        ({"document": "nonsense", "source": ""}, "Copy the address of the document"),
        ({"document": "/library/bcdfghjkmn", "source": ""}, "There is no document at this"),
        ({"document": "/library/bcdfghjkmn"}, "Name one source"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_added(
    scene: Scene, wrong: dict[str, Any], sentence: str
) -> None:
    answer = scene.send("observer", NEW, expected=422, **{**SAID, **wrong})
    assert sentence in answer.get_data(as_text=True).replace("’", "'")
    assert items() == []


def test_an_item_rests_on_a_page_of_the_library(scene: Scene, read: Read) -> None:
    document = evaluation()
    address = f"http://localhost/library/{document.public_id}?revision=1"
    said = {**SAID, "source": "", "document": address}
    for page in ("abc", "0", "7", "99999", "-1", "3-4"):
        scene.send("observer", NEW, expected=422, **{**said, "page": page})
    scene.send("observer", NEW, **{**said, "page": "٣"})
    (item,) = items()
    assert (item.document_id, item.source, item.page) == (document.id, "", "3")
    page = read(HERE)
    assert f"/library/{document.public_id}/text?page=3#p3" in page
    assert "The evaluation" in page
    # Edited again it keeps what it rests on.
    scene.send("observer", of(item), **{**said, "text_en": "Better words", "page": "3"})
    assert items()[0].document_id == document.id


@pytest.mark.parametrize(
    "hidden",
    [
        {"visibility": "constituents"},
        {"state": State.DRAFT},
        {"state": State.SUBMITTED},
        {"state": State.RETRACTED},
    ],
)
def test_what_everybody_reads_rests_on_nothing_hidden(scene: Scene, hidden: dict[str, Any]) -> None:
    document = make_document(scene.agency, title="Hidden", **hidden)
    said = {**SAID, "source": "", "document": f"/library/{document.public_id}", "page": ""}
    answer = scene.send("observer", NEW, expected=422, **said)
    text = answer.get_data(as_text=True)
    # The same sentence as where there is none at all.
    assert "There is no document at this address that everybody may read." in text
    assert "Hidden" not in text


def test_a_source_that_was_withdrawn_since_is_not_named(scene: Scene, read: Read) -> None:
    document = evaluation()
    said = {**SAID, "source": "", "document": document.public_id, "page": "3"}
    scene.send("observer", NEW, **said)
    with transaction() as session:
        found = session.get_one(LibraryDocument, document.id)
        assert found.published is not None
        revision = session.get_one(LibraryRevision, found.published.id)
        found.published = None
        found.retracted_at, found.retracted_for = revision.created_at, "public"
    page = read(HERE)
    assert "The evaluation" not in page
    assert document.public_id not in page
    assert "Stated by:" in page
    data = scene.browse("public").get(f"{HERE}/data.json").get_data(as_text=True)
    assert document.public_id not in data
    # Who wrote it can still put the words right.
    (item,) = items()
    scene.send("observer", of(item), **{**said, "text_en": "Right words"})
    assert items()[0].labels["en"] == "Right words"


def test_a_change_is_signed_and_no_surer_than_the_own_word(scene: Scene, database: Session) -> None:
    item = make_programme_item(programme(), confidence="high")
    hearsay = make_programme_item(programme(), confidence="low")
    scene.send("observer", of(item), **SAID)
    scene.send("observer", of(hearsay), **SAID)
    first, second = items()
    assert (first.confidence, second.confidence) == ("medium", "low")
    assert first.stated_by_id == scene.agency.id
    scene.send("officer", of(item), **{**SAID, "text_en": "Officially"})
    assert items()[0].stated_by_id is None
    assert [line.action for line in trail()] == ["programme.item_change"] * 3


def test_an_item_of_another_programme_is_not_found(scene: Scene) -> None:
    other = make_programme_item(make_programme())
    browser = scene.browse("officer")
    assert browser.get(of(other)).status_code == 404
    given = carried(browser.get(f"{HERE}/items/new").get_data(as_text=True))
    assert browser.post(of(other), data={**given, **SAID}).status_code == 404
    assert browser.post(of(other, "remove"), data=given).status_code == 404
    assert browser.post(of(other, "burn"), data=given).status_code in {404, 405}


def test_a_stale_save_stands_beside_the_newer_one(scene: Scene) -> None:
    item = make_programme_item(programme())
    first, second = scene.browse("observer"), scene.browse("officer")
    early = carried(first.get(of(item)).get_data(as_text=True))
    late = carried(second.get(of(item)).get_data(as_text=True))
    assert second.post(of(item), data={**late, **SAID, "text_en": "Theirs"}).status_code == 303
    answer = first.post(of(item), data={**early, **SAID, "text_en": "Mine", "women": "7"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Theirs" in page
    assert "1840" in page
    assert "Mine" in page
    assert items()[0].labels["en"] == "Theirs"


def test_a_form_sent_twice_adds_one(scene: Scene) -> None:
    browser = scene.browse("observer")
    given = carried(browser.get(NEW).get_data(as_text=True))
    places = {browser.post(NEW, data={**given, **SAID}).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    assert len(items()) == 1


def test_items_move_among_their_kind(scene: Scene) -> None:
    made = [
        make_programme_item(programme(), kind=kind, labels={"en": words}, position=3)
        for kind, words in (
            ("achievement", "one"),
            ("lesson", "between"),
            ("achievement", "two"),
            ("achievement", "three"),
        )
    ]
    listing = f"{HERE}/items"
    scene.send("observer", of(made[3], "earlier"), listing)
    scene.send("observer", of(made[0], "earlier"), listing)

    def order(kind: str) -> list[str]:
        return [each.labels["en"] for each in items() if each.kind == kind]

    assert order("achievement") == ["one", "three", "two"]
    scene.send("observer", of(made[0], "later"), listing)
    assert order("achievement") == ["three", "one", "two"]
    assert order("lesson") == ["between"]


def test_what_was_removed_is_gone_for_readers_and_can_be_put_back(
    scene: Scene, database: Session, read: Read
) -> None:
    item = make_programme_item(programme(), labels={"en": "Leaflets printed"})
    scene.send("observer", of(item, "remove"), f"{HERE}/items")
    assert "Leaflets printed" not in read(HERE)
    assert "Leaflets printed" not in scene.browse("public").get(f"{HERE}/data.json").text
    (found,) = searchable.documents(fresh(), [CODE])
    assert all("Leaflets" not in each.text for each in found.passages)
    assert scene.browse("observer").get(of(item)).status_code == 404
    assert "Leaflets printed" in read(f"{HERE}/items", browser=scene.browse("observer"))
    scene.send("observer", of(item, "restore"), f"{HERE}/items")
    assert "Leaflets printed" in read(HERE)
    (found,) = searchable.documents(fresh(), [CODE])
    assert any("Leaflets" in each.text for each in found.passages)
    assert [line.action for line in trail()] == ["programme.item_remove", "programme.item_restore"]


def test_a_load_of_the_data_files_leaves_what_people_wrote(scene: Scene, database: Session) -> None:
    code = "SAFE-AND-FAIR"
    rows = {each.code: each for each in queries.programme(database, code).items}
    changed, removed = rows[f"{code}-LESSON-1"], rows[f"{code}-LESSON-2"]
    place = f"/programmes/{code}/items"
    scene.send("officer", f"{place}/{changed.code}/edit", **{**SAID, "kind": "lesson"})
    scene.send("officer", f"{place}/{removed.code}/remove", place)
    scene.send("officer", f"{place}/new", **SAID)
    scene.send("officer", f"/programmes/{code}/edit", summary_en="Ours.", agencies="ILO")
    count = fresh().scalar(select(func.count()).select_from(ProgrammeItem))
    with transaction() as session:
        reference.load(session, now=clock.now())
    database.rollback()
    found = {each.code: each for each in queries.programme(database, code).items}
    assert found[changed.code].labels == {"en": SAID["text_en"]}
    assert found[removed.code].retired
    assert len(found) == len(rows) + 1
    assert queries.programme(database, code).summary == {"en": "Ours."}
    assert database.scalar(select(func.count()).select_from(ProgrammeItem)) == count


def test_a_document_knows_the_programmes_that_name_it(scene: Scene) -> None:
    document = evaluation()
    said = {**SAID, "source": "", "document": document.public_id}
    for page in ("3", "5", "3"):
        scene.send("observer", NEW, **{**said, "page": page})
    (found,) = queries.citing(fresh(), ANONYMOUS, document.id)
    assert (found.code, found.linked, found.pages) == (CODE, False, ("3", "5"))
    scene.send("observer", f"{HERE}/documents", document=document.public_id)
    (found,) = queries.citing(fresh(), ANONYMOUS, document.id)
    assert found.linked


def test_the_page_asks_no_more_of_the_database_with_more_to_show(
    scene: Scene, count_queries: Count
) -> None:
    document = evaluation()
    said = {**SAID, "source": "", "document": document.public_id, "page": "3"}
    scene.send("observer", NEW, **said)
    browser = scene.browse("public")
    few = count_queries(lambda: browser.get(HERE))
    for _ in range(4):
        other = evaluation()
        scene.send("focal", NEW, **{**said, "document": other.public_id})
        scene.send("observer", f"{HERE}/documents", document=other.public_id)
    assert count_queries(lambda: browser.get(HERE)) == few

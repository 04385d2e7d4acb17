"""What the index is given, and what a result shows to whom."""

from __future__ import annotations

import pytest

from policytrack.commitments.models import CommitmentTranslation
from policytrack.commitments.rules import TextState
from policytrack.commitments.searchable import source
from policytrack.core.db import transaction
from policytrack.core.documents import PUBLIC, SECRETARIAT, access_words, own
from policytrack.core.permissions import ANONYMOUS, Role
from tests.factories import (
    NOW,
    actor_for,
    make_commitment,
    make_constituent,
    make_member,
    make_user,
)


def translate(thing, **values):
    with transaction() as session:
        session.add(
            CommitmentTranslation(
                **{
                    "revision_id": thing.in_force_id,
                    "language": "ar",
                    "kind": "official",
                    "title": "لا رسوم",
                    "text": "نص عربي",
                    "created_at": NOW,
                    **values,
                }
            )
        )


def test_a_text_in_force_is_public_with_its_translations(database):
    lead = make_constituent(country_iso2="NP")
    thing = make_commitment(lead, countries=("PH",), corridors=("NP-QA",), themes=("A1.1",))
    translate(thing)

    (document,) = source.documents(database, [thing.public_id])

    assert document.access == (PUBLIC,)
    assert document.key == f"commitment:{thing.public_id}:in_force"
    assert ("لا رسوم", "ar", "title") in [
        (each.text, each.language, each.weight) for each in document.passages
    ]
    assert document.codes["country"] == ("NP", "PH", "QA")
    assert document.codes["theme"] == ("A1", "A1.1")
    assert document.codes["provision"] == ("BALI:B1",)
    assert document.codes["language"] == ("ar", "en")
    words = " ".join(each.text for each in document.passages)
    assert "Qatar" not in words


@pytest.mark.parametrize(
    ("state", "on_behalf", "office"),
    [
        (TextState.DRAFT, False, False),
        (TextState.DRAFT, True, True),
        (TextState.PROPOSED, False, True),
    ],
)
def test_an_open_text_is_for_the_few(database, state, on_behalf, office):
    lead = make_constituent()
    thing = make_commitment(lead, state=state, on_behalf=on_behalf)
    key = f"commitment:{thing.public_id}:open"

    (document,) = source.documents(database, [thing.public_id])

    assert set(document.access) == {own(lead.id)} | ({SECRETARIAT} if office else set())
    people = {
        "own": actor_for(make_member(lead, Role.CONTRIBUTOR)),
        "other": actor_for(make_member(make_constituent())),
        "office": actor_for(make_user(Role.SECRETARIAT)),
        "administrator": actor_for(make_user(Role.ADMINISTRATOR)),
        "researcher": actor_for(make_user(Role.RESEARCHER)),
        "public": ANONYMOUS,
    }
    for actor in people.values():
        # The index and the page agree on who may know of it.
        reads = bool(set(document.access) & set(access_words(actor)))
        assert bool(source.results(database, [key], actor, "en")) is reads


@pytest.mark.parametrize("state", [TextState.DECLINED, TextState.DISCARDED])
def test_what_is_closed_leaves_the_index(database, state):
    thing = make_commitment(make_constituent(), state=state)

    assert not source.documents(database, [thing.public_id])
    assert thing.public_id not in set(source.public_ids(database))


def test_a_result_speaks_the_readers_language(database):
    thing = make_commitment(make_constituent())
    translate(thing)
    key = f"commitment:{thing.public_id}:in_force"

    results = source.results(database, [key, "commitment:nosuch2222:open"], ANONYMOUS, "ar")

    assert set(results) == {key}
    assert (results[key].title, results[key].title_language) == ("لا رسوم", "ar")
    assert results[key].values == {"address": thing.code}

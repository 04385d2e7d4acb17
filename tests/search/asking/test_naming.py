"""Names stand for codes in fields, in any language; what could be several is read as words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from policytrack.core.db import transaction
from policytrack.frameworks.models import Sector
from policytrack.places.models import Country
from policytrack.search.asking import naming, question
from policytrack.search.asking.question import Question

Read = Callable[[str], Question]


@pytest.fixture
def read(app: Flask, database: Session) -> Read:
    def act(typed: str) -> Question:
        names = naming.names(app, database)
        return question.read(typed, ("en",), names.code, naming.KNOWN)

    return act


def test_names_and_codes_say_the_same(read: Read) -> None:
    for typed, said in {
        "country:Nepal": "country:NP",
        "country:NEPAL": "country:NP",
        'country:"Saudi Arabia"': "country:SA",
        "country:saudi": "country:SA",
        "country:نيبال": "country:NP",
        "country:السعودية": "country:SA",
        "country:سعوديه": "country:SA",
        "country:Népal,Qatar": "country:NP,QA",
        "country:np": "country:NP",
        'corridor:"Bangladesh–Saudi Arabia"': "corridor:BD-SA",
        'corridor:"Bangladesh to Saudi Arabia"': "corridor:BD-SA",
        'corridor:"bangladesh -> SA"': "corridor:BD-SA",
        'corridor:"بنغلاديش إلى المملكة العربية السعودية"': "corridor:BD-SA",
        "corridor:BD-SA": "corridor:BD-SA",
        "theme:recruitment": "theme:A1",
        'theme:"violence and harassment"': "theme:A2.7",
        "theme:A1.1": "theme:A1.1",
        "type:law": "type:law",
        "type:قانون": "type:law",
        "kind:notes": "kind:note",
        "group:workers": "group:workers",
        "group:travailleurs": "group:workers",
        "sector:construction": "sector:construction",
        "lang:Arabic": "lang:ar",
        "lang:العربية": "lang:ar",
        "lang:नेपाली": "lang:ne",
        "legal:repealed": "legal:repealed",
        "gender:principal": "gender:3",
        "-country:Nepal": "-country:NP",
        "country:(Nepal Qatar)": "country:NP,QA",
    }.items():
        assert read(typed).said == said, typed


def test_what_is_no_name_or_several_is_read_as_words(read: Read) -> None:
    for typed, said in {
        "country:Atlantis": "Atlantis",
        "country:Arab": "Arab",
        "type:spaceship": "spaceship",
        'corridor:"Nepal"': "Nepal",
        'corridor:"Nepal to Atlantis"': '"Nepal to Atlantis"',
        "sector:...": "",
        "theme:" + "recruitment " * 40: "",
    }.items():
        assert read(typed).said.startswith(said), typed
        assert "country:" not in read(typed).said


def test_a_new_name_holds_at_once(app: Flask, database: Session, read: Read) -> None:
    assert read("country:Quokkaland").said == "Quokkaland"
    before = naming.names(app, database)
    assert naming.names(app, database) is before
    with transaction() as session:
        session.get_one(Country, "NP").labels = {"en": "Quokkaland"}
        session.get_one(Sector, "care").labels = {"en": "Minding"}
    assert read("country:Quokkaland sector:minding").said == "country:NP sector:care"

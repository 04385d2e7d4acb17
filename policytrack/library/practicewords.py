"""Say how the fields of a practice hang together, and what is to be written in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policytrack.core.i18n import lazy_gettext as _

# What tells the story of a practice, in the order in which it is read.
STORY = (
    "why_good", "outcomes", "challenges", "lessons", "replication", "sustainability", "innovation",
)  # fmt: skip
# What is known of it at a glance.
FACTS = (
    "practice_type", "implementer", "implementer_type", "partners", "funders", "start", "end",
    "scope", "subregions", "source", "date_shared", "contact",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Hold fields that a form asks together; `ties` are chosen from lists."""

    title: Any
    fields: Sequence[str]
    hint: Any = ""


# The form of a practice, from what it is to where it comes from.
GROUPS: Sequence[Group] = (
    Group(
        _("Why it is worth knowing"),
        ("why_good", "innovation"),
        _("What others would look for first."),
    ),
    Group(
        _("Who, where and when"),
        (
            "practice_type",
            "implementer",
            "implementer_type",
            "partners",
            "funders",
            "countries",
            "corridors",
            "scope",
            "subregions",
            "start",
            "end",
        ),
    ),
    Group(
        _("What came of it"),
        ("outcomes", "challenges", "lessons"),
        _("Figures by sex, with what they were before, say most. Nobody may be recognisable."),
    ),
    Group(
        _("Could others do the same"),
        ("replication", "sustainability"),
    ),
    Group(
        _("What it answers to"),
        ("themes", "sectors", "target_groups", "gcm_objectives", "gcm_principles", "sdgs"),
        _("By these it is found and compared."),
    ),
    Group(
        _("Where it comes from"),
        ("issued", "source", "date_shared", "contact"),
    ),
)
# What other documents say, and a practice seldom: asked only where it holds something.
SELDOM = (
    "authors", "publisher", "official_number", "place", "legal_status", "in_force_from",
    "in_force_until",
)  # fmt: skip

HELP: Mapping[str, Any] = {
    "why_good": _(
        "What changed for migrant workers, and for women among them, that had not before."
    ),
    "innovation": _("What was not done elsewhere, or not in this way."),
    "practice_type": _("In a word or two, such as Service, Programme, Law, Campaign or Agreement."),
    "implementer": _("The organisation that answers for it."),
    "implementer_type": _("Such as Government, Employers’ organisation, Workers’ organisation."),
    "partners": _("Who takes part, and in what."),
    "funders": _("Who pays for it."),
    "scope": _("Such as one province, national, one corridor, regional."),
    "subregions": _("Where it is not said by the countries."),
    "start": _("As exact as it is known: 2016, 2016-12 or 2016-12-09."),
    "end": _("Leave it empty where it goes on."),
    "outcomes": _("What can be shown: how many, by sex, and since when."),
    "challenges": _("What was hard, and what did not work."),
    "lessons": _("What those who carry it out would do again, and what they would not."),
    "replication": _("What others need to do the same: people, money, law, partners."),
    "sustainability": _("Who carries and pays it when the project ends."),
    "source": _("The database of practices that it was taken from."),
    "date_shared": _("When it was handed in there."),
    "contact": _("Only the secretariat and your organisation read this."),
}

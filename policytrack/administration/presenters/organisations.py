"""Show organisations in a list that can be narrowed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from policytrack.constituents.models import Constituent
from policytrack.constituents.presenters import all_group_words
from policytrack.constituents.rules import Group
from policytrack.core import paging
from policytrack.core.forms import clean_line
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label, label_language

REGIONAL = "regional"


@dataclass(frozen=True, slots=True)
class OrganisationFilters:
    """Hold what the list is narrowed by; field names are the parameters' names."""

    country: str = ""
    group: str = ""
    retired: str = ""
    q: str = ""
    page: int = 1

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> OrganisationFilters:
        """Return the filters of an address; what makes no sense is left aside."""
        country, group, retired = (given.get(name, "") for name in ("country", "group", "retired"))
        return cls(
            country=country if re.fullmatch(rf"[A-Z]{{2}}|{REGIONAL}", country) else "",
            group=group if group in set(Group) else "",
            retired=retired if retired in {"yes", "no"} else "",
            q=clean_line(given.get("q", "")[:100]),
            page=paging.number_of(given.get("page")),
        )

    @property
    def narrow(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.country or self.group or self.retired or self.q)

    def keeps(self, body: Constituent) -> bool:
        """Tell whether an organisation stays in the list."""
        if self.country and self.country != (body.country_iso2 or REGIONAL):
            return False
        if self.group and self.group != body.group:
            return False
        if self.retired and (self.retired == "yes") is not body.retired:
            return False
        said = " ".join((*body.labels.values(), body.acronym, body.code)).casefold()
        return all(word in said for word in self.q.casefold().split())


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """Hold one line of the list."""

    name: str
    language: str
    acronym: str
    url: str
    country: str
    group: str
    members: int
    retired: bool
    demonstration: bool


def organisation_rows(
    bodies: Sequence[Constituent], members: Mapping[int, int]
) -> list[OrganisationRow]:
    """Return organisations as the list shows them."""
    groups = all_group_words()
    return [
        OrganisationRow(
            name=label(body.labels),
            language=label_language(body.labels),
            acronym=body.acronym,
            url=url_for("administration.organisation", public_id=body.public_id),
            country=label(body.country.labels) if body.country else "",
            group=groups[body.group],
            members=members[body.id],
            retired=body.retired,
            demonstration=body.demonstration,
        )
        for body in bodies
    ]


def country_choices(bodies: Sequence[Constituent]) -> list[tuple[str, str]]:
    """Return the countries that have organisations, in the given order, then regional ones."""
    found = {
        body.country.iso2: label(body.country.labels) for body in bodies if body.country is not None
    }
    regional = any(body.country is None for body in bodies)
    return [*found.items(), *([(REGIONAL, _("Regional organisations"))] if regional else [])]

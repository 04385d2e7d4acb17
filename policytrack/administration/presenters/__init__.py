"""Prepare what the pages of administration show."""

from policytrack.administration.presenters.health import Fact, facts, failed_rows
from policytrack.administration.presenters.helpers import malware_scanner, pictures_of_text
from policytrack.administration.presenters.matrix import matrix
from policytrack.administration.presenters.organisations import (
    OrganisationFilters,
    country_choices,
    organisation_rows,
)
from policytrack.administration.presenters.parts import parts
from policytrack.administration.presenters.people import (
    organisation_choices,
    person_page,
    person_rows,
    role_choices,
    seat_rows,
    state_choices,
)
from policytrack.administration.presenters.trail import download, trail_rows

__all__ = [
    "Fact",
    "OrganisationFilters",
    "country_choices",
    "download",
    "facts",
    "failed_rows",
    "malware_scanner",
    "matrix",
    "organisation_choices",
    "organisation_rows",
    "parts",
    "person_page",
    "person_rows",
    "pictures_of_text",
    "role_choices",
    "seat_rows",
    "state_choices",
    "trail_rows",
]

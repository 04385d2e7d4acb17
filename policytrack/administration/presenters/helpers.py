"""Show how the programs stand that help the site: who reads pictures of text, who scans files."""

from __future__ import annotations

from datetime import datetime, timedelta

from policytrack.administration.presenters.health import Fact
from policytrack.core import languages
from policytrack.core.files import scanner
from policytrack.core.files.scanner import NoAnswer
from policytrack.core.i18n import ago, format_number, ngettext
from policytrack.core.i18n import gettext as _
from policytrack.library.queries import PictureStanding

# New signatures come several times a day.
_OLD = timedelta(days=7)


def pictures_of_text(standing: PictureStanding, *, wanted: bool, program: bool) -> Fact:
    """Return how far machines have come with pages that are pictures."""
    subject, said = _("Pictures of text"), []
    if standing.waiting:
        said.append(
            ngettext(
                "%(count)s page waits to be read by machine",
                "%(count)s pages wait to be read by machine",
                standing.waiting,
                count=format_number(standing.waiting),
            )
        )
    if standing.no_data:
        said.append(
            ngettext(
                "%(count)s page is in a language that no machine here reads",
                "%(count)s pages are in languages that no machine here reads",
                standing.no_data,
                count=format_number(standing.no_data),
            )
        )
    if standing.failed:
        said.append(
            ngettext(
                "%(count)s page could not be read",
                "%(count)s pages could not be read",
                standing.failed,
                count=format_number(standing.failed),
            )
        )
    return Fact(subject, " · ".join(said) or _("none waits"), _to_read(standing, wanted, program))


def _to_read(standing: PictureStanding, wanted: bool, program: bool) -> str:
    if standing.no_data and program:
        named = [languages.name(each) for each in standing.languages]
        return _(
            "Install tesseract’s data for: %(languages)s. The worker then reads on by itself.",
            languages=_(", ").join(named),
        )
    if not standing.waiting or (wanted and program):
        return ""
    if not wanted:
        return _("The setting “recognition” is off: turn it on, or leave these pages unread.")
    return _("Install tesseract on a machine that runs a worker.")


def malware_scanner(address: str, now: datetime) -> Fact:
    """Return how the malware scanner stands; asks it."""
    subject = _("Malware scanner")
    if not address:
        return Fact(subject, _("none is set"))
    try:
        said = scanner.standing(address)
    except NoAnswer:
        return Fact(
            subject,
            _("it does not answer: no file from outside is accepted"),
            _("Start it, or correct the setting “scanner”; the log says more."),
        )
    if said.signed is None:
        return Fact(subject, said.program)
    seen = _("%(program)s, signatures from %(ago)s", program=said.program, ago=ago(said.signed))
    mend = ""
    if now - said.signed > _OLD:
        mend = _("Look why its signatures are not renewed (freshclam).")
    return Fact(subject, seen, mend)

"""Make of practices a table in the columns of another database, and say what it leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import ngettext
from policytrack.exports.tables import Column, Table
from policytrack.library.exchange import conversion
from policytrack.library.exchange.conversion import Names
from policytrack.library.exchange.profiles import PROFILE_NAMES, Profile
from policytrack.library.presenters import handover
from policytrack.library.presenters.handover import Given


def in_columns_of(
    profile: Profile, found: Iterable[Given], names: Names, *, with_paths: bool = False
) -> Table:
    """Return practices in another database's columns, between our ids and our addresses.

    Where it has no column for a title, ours stands there.
    """
    own = [*(("path", "further_paths") if with_paths else ()), "id"]
    if "title" not in profile.carried:
        own.append("title")
    theirs = [each.name for each in profile.written]
    names_of_columns = [*own, *theirs, "address"]
    return Table(
        "documents",
        _("Good practices"),
        [Column(name, name) for name in names_of_columns],
        (
            [
                *(said[name] for name in own),
                *conversion.theirs(profile, said, names).values(),
                said["address"],
            ]
            for said in map(handover.said, found)
        ),
    )


def notes_on(profile: Profile, found: Sequence[Given]) -> list[str]:
    """Return what a table in another database's columns leaves out, and where it guesses."""
    name = PROFILE_NAMES[profile.code]
    left_out = [
        ngettext(
            "%(column)s: %(num)s row says something that has no column of %(name)s.",
            "%(column)s: %(num)s rows say something that has no column of %(name)s.",
            each.cells,
            column=each.column,
            name=name,
        )
        for each in conversion.not_carried(profile, map(handover.said, found))
        if each.cells
    ]
    guessed = [heading.name for heading in profile.written if not heading.sure]
    if guessed:
        said = _("Headings that were not verified: %(names)s.", names="; ".join(guessed))
        left_out.append(said)
    return left_out

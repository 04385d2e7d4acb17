"""Read the codes that cells may hold, and organisations as cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.constituents.models import Constituent
from policytrack.core import languages
from policytrack.core.forms import clean, clean_line
from policytrack.core.i18n import LANGUAGES as SITE_LANGUAGES
from policytrack.core.i18n import label
from policytrack.frameworks.models import Provision, Sector, TargetGroup, Theme
from policytrack.places.models import Corridor, Country
from policytrack.reference.rules import LANGUAGES
from policytrack.reporting.workbook.cells import Listed
from policytrack.reporting.workbook.sheets import FIXED

# What the sheet calls otherwise than reference data does.
_IN_REFERENCE = {f"name_{code}": f"label_{code}" for code in LANGUAGES}


def lists(session: Session) -> dict[str, Listed]:
    """Return every list of codes by its name, organisations left out."""
    found: dict[str, Listed] = {name: Listed.of(name, codes) for name, codes in FIXED.items()}
    found["languages"] = Listed.of("languages", languages.CONTENT)
    found["site languages"] = Listed.of("site languages", tuple(SITE_LANGUAGES))
    found["countries"] = Listed.of("countries", tuple(session.scalars(select(Country.iso2))))
    found["corridors"] = Listed.of("corridors", tuple(session.scalars(select(Corridor.code))))
    of_provision = Provision.framework_code + ":" + Provision.code
    for name, code, retired in (
        ("provisions", of_provision, Provision.retired),
        ("themes", Theme.code, Theme.retired),
        ("sectors", Sector.code, Sector.retired),
        ("target groups", TargetGroup.code, TargetGroup.retired),
    ):
        rows: Any = session.execute(select(code, retired))
        found[name] = Listed.of(name, dict(rows.all()))
    return found


def labels(session: Session) -> dict[str, Mapping[str, Mapping[str, str]]]:
    """Return, by list and code, what codes of reference data stand for, in their order."""
    places: Any = session.execute(select(Country.iso2, Country.labels).order_by(Country.iso2)).all()
    found: dict[str, Mapping[str, Mapping[str, str]]] = {"countries": dict(places)}
    ends = session.execute(
        select(Corridor.code, Corridor.origin_iso2, Corridor.destination_iso2).order_by(
            Corridor.code
        )
    )
    of_place = found["countries"]
    found["corridors"] = {
        code: {
            language: f"{label(of_place[origin], language)} – {label(of_place[end], language)}"
            for language in LANGUAGES
        }
        for code, origin, end in ends
    }
    of_provision = Provision.framework_code + ":" + Provision.code
    for name, code, model in (
        ("provisions", of_provision, Provision),
        ("themes", Theme.code, Theme),
        ("sectors", Sector.code, Sector),
        ("target groups", TargetGroup.code, TargetGroup),
    ):
        rows: Any = session.execute(
            select(code, model.labels).where(~model.retired).order_by(model.position, code)
        )
        found[name] = dict(rows.all())
    for name, codes in (("languages", languages.CONTENT), ("site languages", SITE_LANGUAGES)):
        found[name] = {
            code: {language: languages.name(code, language) for language in LANGUAGES}
            for code in codes
        }
    return found


def organisations(session: Session) -> dict[str, Constituent]:
    """Return all organisations by their code."""
    found = session.scalars(select(Constituent).order_by(Constituent.id))
    return {body.code: body for body in found}


def organisation_cells(body: Constituent) -> dict[str, str]:
    """Return what the cells of an organisation say, by the names of columns."""
    return {
        "code": body.code,
        "group": body.group,
        "country": body.country_iso2 or "",
        **{f"name_{code}": clean_line(body.labels.get(code, "")) for code in LANGUAGES},
        "acronym": clean_line(body.acronym),
        "focal_ministry": "yes" if body.focal_ministry else "",
        "as_of": body.as_of.isoformat() if body.as_of else "",
        "retired": "yes" if body.retired else "",
        "source": clean(body.source),
        "confidence": body.confidence,
        "note": clean(body.note),
        "demonstration": "yes" if body.demonstration else "",
    }


def in_reference(values: Mapping[str, str]) -> dict[str, str]:
    """Return cells of an organisation under the names that reference data has for them."""
    return {
        _IN_REFERENCE.get(name, name): text
        for name, text in values.items()
        if name != "demonstration"
    }

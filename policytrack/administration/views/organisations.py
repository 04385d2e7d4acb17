"""List organisations, and show one with its members."""

from __future__ import annotations

from flask import Response, request, url_for
from sqlalchemy.orm import Session

from policytrack.administration import forms, presenters, service
from policytrack.administration.presenters import OrganisationFilters
from policytrack.administration.views.common import blueprint, done, page
from policytrack.constituents import presenters as members
from policytrack.constituents import queries
from policytrack.constituents.presenters import all_group_words
from policytrack.core import clock, db, errors, paging
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label, language, ngettext
from policytrack.core.paging import Page
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires


@blueprint.get("/administration/organisations")
@requires(Permission.REFERENCE_MANAGE)
def organisations() -> Response:
    """List organisations by country and group, with how many members each has."""
    session, filters = db.session(), OrganisationFilters.parse(request.args)
    bodies = queries.listed(session, current_actor(), language=language().code)
    kept = [body for body in bodies if filters.keeps(body)]
    number, offset = paging.offset(filters.page, len(kept))
    shown = kept[offset : offset + paging.SIZE]
    counts = queries.member_counts(session, [body.id for body in shown])
    return page(
        "organisations",
        listed=Page(shown, number, len(kept)),
        rows=presenters.organisation_rows(shown, counts),
        filters=filters,
        countries=presenters.country_choices(bodies),
        groups=all_group_words(),
        found=ngettext(
            "%(count)s organisation", "%(count)s organisations", len(kept), count=f"{len(kept):,}"
        ),
        designations=True,
    )


@blueprint.get("/administration/organisations/<public_id>")
@requires(Permission.REFERENCE_MANAGE)
def organisation(public_id: str) -> Response:
    """Show an organisation with its members."""
    session, actor = db.session(), current_actor()
    body = queries.of_public_id(session, actor, public_id)
    found = queries.members(session, body.id)
    return page(
        "organisation",
        body=body,
        group=all_group_words()[body.group],
        members=members.member_rows(found, actor, clock.now()),
        former_members=members.former_members(queries.former_members(session, body.id)),
        edit=url_for("reference.row", kind_name="constituents", key=body.code),
        form=forms.RetireForm(),
        designations=True,
    )


@blueprint.post("/administration/organisations/<public_id>/retire")
@requires(Permission.REFERENCE_MANAGE)
def organisation_retire(public_id: str) -> Response:
    """Ask an organisation no more; what it said stays."""
    return _turn(public_id, retired=True)


@blueprint.post("/administration/organisations/<public_id>/restore")
@requires(Permission.REFERENCE_MANAGE)
def organisation_restore(public_id: str) -> Response:
    """Ask a retired organisation again."""
    return _turn(public_id, retired=False)


def _turn(public_id: str, *, retired: bool) -> Response:
    form = forms.RetireForm(request.form)
    if not form.validate():
        raise errors.InvalidInput(form.reason.errors[0])

    def act(session: Session) -> str:
        actor = current_actor()
        body = queries.of_public_id(session, actor, public_id)
        service.retire(
            session,
            actor=actor,
            body=body,
            retired=retired,
            reason=form.reason.data or "",
            now=clock.now(),
        )
        name = label(body.labels)
        if retired:
            return _("%(name)s is retired.", name=name)
        return _("%(name)s is asked again.", name=name)

    address = url_for("administration.organisation", public_id=public_id)
    return done(form, address, act)

"""Answer requests that change what is said of a programme as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, flash, g, make_response, render_template, request, url_for
from sqlalchemy.orm import Session

from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.errors import InvalidInput, StaleVersion
from policytrack.core.forms import carry_out
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires, see_other
from policytrack.programmes import forms, presenters, queries, service
from policytrack.programmes.content import description, stamp
from policytrack.programmes.forms import DescriptionForm
from policytrack.programmes.models import Programme
from policytrack.programmes.views.common import blueprint, own


@blueprint.route("/programmes/<code>/edit", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_WRITE, of_thing=True)
def edit(code: str) -> Response:
    """Change what is said of a programme as a whole."""
    programme = own(session(), code)
    here = description(programme)
    groups = presenters.groups(queries.reference(session()), here)
    sent = request.form if request.method == "POST" else None
    form = DescriptionForm(sent, data=forms.described(here, stamp(here)))
    for name, choices in groups.items():
        form[name].choices = presenters.pairs(choices)
    if sent is None or not form.validate():
        return _page(form, programme, groups)
    try:
        location = carry_out(form, lambda current: _describe(current, form, code))
    except InvalidInput as problem:
        forms.blame(form, problem)
        return _page(form, programme, groups)
    except StaleVersion:
        programme = own(session(), code)
        present = forms.described(description(programme), stamp(description(programme)))
        newer = presenters.newer(form, present)
        form.seen.data = present["seen"]
        return _page(form, programme, groups, newer)
    flash(_("The programme is saved.") if g.get("touched") else _("Nothing was different."))
    return see_other(location)


def _describe(current: Session, form: DescriptionForm, code: str) -> str:
    g.touched = service.describe(
        current,
        actor=current_actor(),
        programme=own(current, code),
        given=form.to_description(),
        seen=form.seen.data or "",
        now=clock.now(),
    )
    return url_for("pages.programme", code=code)


def _page(
    form: DescriptionForm,
    programme: Programme,
    groups: presenters.Groups,
    newer: Sequence[presenters.Newer] = (),
) -> Response:
    page = render_template(
        "programmes/edit.html",
        form=form,
        page=presenters.head(programme),
        groups=groups,
        newer=newer,
        designations=True,
    )
    return make_response(page, 409 if newer else 422 if form.errors else 200)

"""Answer requests that translate published notes."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request, url_for
from sqlalchemy.orm import Session

from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.errors import InvalidInput
from policytrack.core.forms import carry_out
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires, see_other
from policytrack.progress import forms, policy, presenters, queries, service
from policytrack.progress.views.common import blueprint


@blueprint.route("/notes/<note_id>/translations", methods=["GET", "POST"])
@requires(Permission.NOTE_WRITE, of_thing=True)
def translate(note_id: str) -> Response:
    """Add or replace a translation of the published text."""
    actor = current_actor()
    note = queries.get(session(), actor, note_id)
    published = policy.require_translatable(actor, note)
    kinds = presenters.translator_kinds(actor, note)
    given = request.form if request.method == "POST" else None
    form = forms.translation_form(published.language, kinds, given)
    if request.method == "POST" and form.validate():
        try:
            location = carry_out(form, lambda current: _translated(current, form, note_id))
        except InvalidInput as problem:
            forms.blame(form, problem.fields)
        else:
            flash(_("The translation is saved."), "success")
            return see_other(location)
        note = queries.get(session(), actor, note_id)
        published = policy.require_translatable(actor, note)
    page = render_template(
        "progress/translate.html",
        form=form,
        heading=presenters.heading(note),
        original=presenters.original_view(note, published, presenters.Reader(actor, clock.now())),
        designations=True,
    )
    return make_response(page, 422 if form.errors else 200)


def _translated(current: Session, form: forms.TranslationForm, note_id: str) -> str:
    actor = current_actor()
    note = queries.get(current, actor, note_id)
    service.translate(current, actor=actor, note=note, command=form.to_command(), now=clock.now())
    return url_for("progress.show", note_id=note_id, language=form.language.data)

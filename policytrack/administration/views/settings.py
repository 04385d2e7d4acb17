"""Show and change the settings that may change while the site runs."""

from __future__ import annotations

from flask import Response, request, url_for
from sqlalchemy.orm import Session

from policytrack.administration import forms, service
from policytrack.administration.forms import SettingsForm
from policytrack.administration.views.common import blueprint, done, page, sent
from policytrack.core import clock, db, errors, options
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import ngettext
from policytrack.core.options import DECLARED
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires


@blueprint.route("/administration/settings", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def settings() -> Response:
    """Show the settings in force, and change all that were sent or none."""
    current = db.session()
    shown = SettingsForm.shown(options.in_force(current))
    form = SettingsForm(sent(), data={**shown, "seen": service.stamp(current)})
    if request.method == "GET" or not form.validate():
        return _page(form, 422 if form.errors else 200)
    try:
        answer = done(form, url_for("administration.settings"), lambda now: _save(now, form))
    except errors.InvalidInput as error:
        for name, sentence in error.fields.items():
            form.fields_of(forms.OPTIONS[name])[0].errors = [sentence]
        return _page(form, 422)
    except errors.StaleVersion as error:
        # What was typed stays in the form, which from now on knows what is in force.
        form.form_errors.append(error.message)
        form.seen.data = service.stamp(db.session())
        return _page(form, 409)
    options.forget()
    return answer


def _save(session: Session, form: SettingsForm) -> str:
    changed = service.change_settings(
        session,
        actor=current_actor(),
        wanted=form.wanted(),
        seen=form.seen.data or "",
        now=clock.now(),
    )
    if not changed:
        return _("Nothing was different; nothing is changed.")
    return ngettext(
        "%(count)s setting is changed, within seconds on every machine.",
        "%(count)s settings are changed, within seconds on every machine.",
        len(changed),
        count=len(changed),
    )


def _page(form: SettingsForm, status: int) -> Response:
    return page(
        "settings",
        status,
        form=form,
        declared=[(option, form.fields_of(option)) for option in DECLARED],
        differing=options.differing(db.session()),
    )

"""Answer requests about the workbook."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    render_template,
    request,
    url_for,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from policytrack.core import clock, db, errors, files
from policytrack.core.forms import carry_out
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires, see_other, settings
from policytrack.exports import responses
from policytrack.reporting import forms, presenters, service
from policytrack.reporting.workbook import planning, writing
from policytrack.reporting.workbook.applying import Different, Refused

blueprint = Blueprint("reporting", __name__)


def _start(form: forms.UploadForm | None = None) -> Response:
    page = render_template(
        "reporting/workbook.html",
        form=form or forms.UploadForm(),
        export=forms.ExportForm(),
        megabytes=settings().max_upload_megabytes,
    )
    return make_response(page, 422 if form and form.errors else 200)


@blueprint.get("/administration/workbook")
@requires(Permission.ADMINISTER)
def workbook() -> Response:
    """Offer the export, and take a workbook that shall come in."""
    return _start()


@blueprint.post("/administration/workbook/export")
@requires(Permission.ADMINISTER)
def export() -> Response:
    """Hand the whole workbook out."""
    form, now = forms.ExportForm(request.form), clock.now()
    data = writing.export(
        db.session(),
        actor=current_actor(),
        address=settings().external_url,
        with_demonstration=form.demonstration.data,
        now=now,
    )
    with db.transaction() as session:
        writing.record_export(session, actor=current_actor(), now=now)
    return responses.attachment(data, "xlsx", f"policytrack-workbook-{now:%Y-%m-%d}")


@blueprint.post("/administration/workbook")
@requires(Permission.ADMINISTER)
def upload() -> Response:
    """Take a workbook and show what it would do."""
    form, sent = forms.UploadForm(request.form), request.files.get("file")
    if sent is None or not sent.filename:
        form.file.errors = [_("Choose a workbook.")]
        return _start(form)
    try:
        accepted = service.accepted(sent.stream.read(), sent.filename)
        files.lay_down(accepted)
        location = carry_out(form, lambda session: _report_of(_kept(session, accepted)))
    except errors.DomainError as refusal:
        form.file.errors = [str(refusal.message)]
        return _start(form)
    return see_other(location)


def _kept(session: Session, accepted: files.Accepted) -> str:
    return service.keep(session, actor=current_actor(), upload=accepted, now=clock.now())


def _report_of(public_id: str) -> str:
    return url_for("reporting.report", public_id=public_id)


def _waiting(public_id: str) -> service.Waiting:
    return service.waiting(db.session(), actor=current_actor(), public_id=public_id)


@blueprint.get("/administration/workbook/<public_id>")
@requires(Permission.ADMINISTER)
def report(public_id: str) -> Response:
    """Show what a waiting workbook would do, row by row; nothing is written."""
    try:
        found = _waiting(public_id)
    except errors.InvalidInput as refusal:
        form = forms.UploadForm()
        form.file.errors = [str(refusal.message)]
        return _start(form)
    made = planning.plan(db.session(), actor=current_actor(), book=found.book)
    shown = presenters.view(made)
    page = render_template(
        "reporting/report.html",
        report=shown,
        workbook=found,
        apply=forms.ApplyForm(stamp=shown.stamp),
        discard=forms.DiscardForm(),
        kinds=("xlsx", "csv"),
    )
    return make_response(page)


@blueprint.get("/administration/workbook/<public_id>/report.<kind>")
@requires(Permission.ADMINISTER)
def download(public_id: str, kind: str) -> Response:
    """Hand the whole report out."""
    if kind not in responses.KINDS:
        raise errors.NotFound()
    found = _waiting(public_id)
    made = planning.plan(db.session(), actor=current_actor(), book=found.book)
    address = settings().external_url.rstrip("/") + _report_of(public_id)
    return responses.answer(
        presenters.download(made, name=found.name, address=address, now=clock.now()), kind
    )


@blueprint.post("/administration/workbook/<public_id>/apply")
@requires(Permission.ADMINISTER)
def apply(public_id: str) -> Response:
    """Do what was shown; where it would be anything else by now, show it again instead."""
    form = forms.ApplyForm(request.form)
    said: list[str] = []
    # Read before the transaction. After a double submit it waits no more; the form says where it
    # went.
    found = _if_waiting(public_id)

    def act(session: Session) -> str:
        if found is None:
            raise errors.NotFound()
        done = service.carry_out(
            session,
            actor=current_actor(),
            workbook=found,
            seen=form.stamp.data,
            invite=form.invite.data,
            now=clock.now(),
        )
        said.append(_("The workbook is in: %(counts)s.", counts=presenters.does(done)))
        return url_for("reporting.workbook")

    try:
        location = carry_out(form, act)
    except (Different, Refused, IntegrityError):
        said.append(
            _("Nothing was written: what the workbook would do has changed. Look at it again.")
        )
        flash(said[-1], "warning")
        return see_other(_report_of(public_id))
    flash(said[0] if said else _("This was done already."), "success")
    return see_other(location)


def _if_waiting(public_id: str) -> service.Waiting | None:
    try:
        return _waiting(public_id)
    except errors.NotFound:
        return None


@blueprint.post("/administration/workbook/<public_id>/discard")
@requires(Permission.ADMINISTER)
def discard(public_id: str) -> Response:
    """Take a waiting workbook away."""

    def act(session: Session) -> str:
        if not service.discard(session, actor=current_actor(), public_id=public_id):
            raise errors.NotFound()
        return url_for("reporting.workbook")

    location = carry_out(forms.DiscardForm(request.form), act)
    flash(_("The workbook was taken away; nothing of it was written."), "success")
    return see_other(location)

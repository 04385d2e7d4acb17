"""Answer requests of those who keep the reference data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from sqlalchemy.orm import Session

from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.errors import InvalidInput, NotFound, RuleViolation, StaleVersion
from policytrack.core.forms import carry_out
from policytrack.core.i18n import gettext as _
from policytrack.core.paging import Page, number_of, offset
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires, see_other
from policytrack.exports import responses, writers
from policytrack.reference import forms, presenters, queries, rows, service
from policytrack.reference.kinds import Kind
from policytrack.reference.queries import Names

blueprint = Blueprint("reference", __name__, url_prefix="/reference")

_TO_A_PAGE = 50


# Lists


@blueprint.get("")
@requires(Permission.REFERENCE_MANAGE)
def index() -> Response:
    """Show the kinds: how many rows, and how many of them differ from the files."""
    found = presenters.kinds(queries.counts(session()), queries.differences(session()))
    return make_response(render_template("reference/index.html", kinds=found))


@blueprint.get("/<kind_name>")
@requires(Permission.REFERENCE_MANAGE)
def listed(kind_name: str) -> Response:
    """Show the rows of a kind, narrowed by words and by what needs an eye."""
    kind = queries.kind_of(kind_name)
    words, only = request.args.get("q", "")[:100], request.args.get("only", "")
    found = presenters.narrowed(presenters.in_order(kind, _rows(kind)), words, only)
    number, skipped = offset(number_of(request.args.get("page")), len(found), _TO_A_PAGE)
    page = Page(found[skipped : skipped + _TO_A_PAGE], number, len(found), _TO_A_PAGE)
    return make_response(
        render_template(
            "reference/listed.html",
            kind=kind,
            page=page,
            words=words,
            only=only,
            choices=presenters.only_words(kind),
            designations=True,
        )
    )


def _rows(kind: Kind) -> list[presenters.ListedRow]:
    names = queries.names(session(), presenters.pointed_at(kind))
    differing = queries.differences(session(), kind).get(kind.name, ())
    edited = {each.key for each in differing}
    present = queries.present(session(), kind)
    return [
        presenters.listed_row(
            kind,
            key,
            rows.read(kind, row),
            names,
            edited=key in edited,
            demonstration=getattr(row, "demonstration", False),
        )
        for key, row in present.items()
    ]


@blueprint.get("/<kind_name>/data.csv")
@requires(Permission.REFERENCE_MANAGE)
def download(kind_name: str) -> Response:
    """Send a kind as a file that can be loaded again."""
    kind = queries.kind_of(kind_name)
    present = queries.present(session(), kind).values()
    table = presenters.table(kind, [rows.read(kind, row) for row in present])
    return responses.attachment(writers.as_csv(table), "csv", kind.name)


# One row


@dataclass(frozen=True, slots=True)
class _Shown:
    """Hold what the page of a row shows beside its form."""

    kind: Kind
    key: str
    values: Mapping[str, str]
    names: Names
    row: Any


def _shown(kind_name: str, key: str) -> _Shown:
    kind = queries.kind_of(kind_name)
    row = queries.get(session(), kind, key)
    names = queries.names(session(), presenters.pointed_at(kind))
    return _Shown(kind, key, rows.read(kind, row), names, row)


@blueprint.get("/<kind_name>/rows/<key>")
@requires(Permission.REFERENCE_MANAGE)
def row(kind_name: str, key: str) -> Response:
    """Show a row with its form, its history, and what the file says of it."""
    kind = queries.kind_of(kind_name)
    if queries.find(session(), kind, key) is None:
        return _gone(kind, key)
    shown = _shown(kind_name, key)
    filled = {**shown.values, **_suggested(shown)}
    form = _form(shown, values=filled, seen=rows.fingerprint(shown.values))
    return _row_page(shown, form, suggested=filled != shown.values)


def _suggested(shown: _Shown) -> Mapping[str, str]:
    """Return the cells that a link asks to put into the form: the file's, or earlier ones."""
    if request.args.get("take") == "file":
        file = queries.file_row(session(), shown.kind, shown.key)
        return _known_cells(shown.kind, file.content if file else {})
    if request.args.get("retire") and shown.kind.retirable:
        return {"retired": "yes"}
    edit = queries.edit(session(), shown.kind, request.args.get("restore", ""))
    return _known_cells(shown.kind, edit.before if edit and edit.key == shown.key else {})


def _known_cells(kind: Kind, cells: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(text) for name, text in cells.items() if name in kind.by_name}


def _form(shown: _Shown, formdata: Any = None, **more: Any) -> forms.RowForm:
    choices = presenters.choices(shown.kind, shown.names, shown.values)
    return forms.row_form(shown.kind, choices, formdata, **more)


@blueprint.post("/<kind_name>/rows/<key>")
@requires(Permission.REFERENCE_MANAGE)
def change(kind_name: str, key: str) -> Response:
    """Change a row."""
    shown = _shown(kind_name, key)
    form = _form(shown, request.form)
    if not form.validate():
        return _row_page(shown, form)
    command, now = form.to_command(), clock.now()

    def act(current: Session) -> str:
        service.change(
            current, actor=current_actor(), kind=shown.kind, key=key, command=command, now=now
        )
        return url_for("reference.row", kind_name=kind_name, key=key)

    try:
        location = carry_out(form, act)
    except InvalidInput as error:
        form.refuse(error)
        return _row_page(_shown(kind_name, key), form)
    except StaleVersion:
        return _stale_page(_shown(kind_name, key), form)
    flash(_("Saved. The history below says what changed."), "success")
    return see_other(location)


def _stale_page(shown: _Shown, form: forms.RowForm) -> Response:
    """Show what stands here now beside what was typed; sent again, the form is saved onto it."""
    typed = {**shown.values, **form.cells}
    differing = [name for name, text in typed.items() if text != shown.values[name]]
    newer = presenters.cells(shown.kind, shown.names, differing, shown.values, typed)
    form.seen.data = rows.fingerprint(shown.values)
    return _row_page(shown, form, newer=newer)


def _row_page(
    shown: _Shown,
    form: forms.RowForm,
    *,
    newer: Any = None,
    suggested: bool = False,
    removing: forms.RemoveForm | None = None,
    refusal: str = "",
) -> Response:
    kind, key, names = shown.kind, shown.key, shown.names
    seen = rows.fingerprint(shown.values)
    uses = queries.uses(session(), kind, shown.row)
    file = queries.file_row(session(), kind, key)
    history = queries.history(session(), kind, key)
    failed = bool(form.errors or refusal or (removing and removing.errors))
    page = render_template(
        "reference/row.html",
        kind=kind,
        key=key,
        title=presenters.title(kind, shown.values, names),
        demonstration=getattr(shown.row, "demonstration", False),
        retired=shown.values.get("retired") == "yes",
        form=form,
        newer=newer,
        suggested=suggested,
        file=presenters.file_view(kind, key, shown.values, file, names),
        history=presenters.history(kind, key, history, names, gone=False),
        used_by=presenters.used_by(uses, hidden=False),
        removing=removing or forms.RemoveForm(seen=seen),
        refusal=refusal,
        designations=True,
    )
    return make_response(page, 409 if newer is not None else 422 if failed else 200)


def _gone(kind: Kind, key: str) -> Response:
    """Show the history of a row that was removed; raise `NotFound` where there never was one."""
    edits = queries.history(session(), kind, key) if rows.is_key(key) else ()
    if not edits:
        raise NotFound()
    names = queries.names(session(), presenters.pointed_at(kind))
    history = presenters.history(kind, key, edits, names, gone=True)
    return make_response(
        render_template("reference/gone.html", kind=kind, key=key, history=history)
    )


# Adding and removing


@blueprint.route("/<kind_name>/new", methods=["GET", "POST"])
@requires(Permission.REFERENCE_MANAGE)
def add(kind_name: str) -> Response:
    """Add a row."""
    kind = queries.kind_of(kind_name)
    if kind.fixed:
        raise NotFound()
    names = queries.names(session(), presenters.pointed_at(kind))
    edit = queries.edit(session(), kind, request.args.get("restore", ""))
    values = _known_cells(kind, edit.before if edit else {})
    sent = request.form if request.method == "POST" else None
    form = forms.row_form(
        kind, presenters.choices(kind, names, values), sent, values=values, adding=True
    )
    if sent is None or not form.validate():
        return _add_page(kind, form)
    command, now = form.to_command(), clock.now()

    def act(current: Session) -> str:
        key = service.add(current, actor=current_actor(), kind=kind, command=command, now=now)
        return url_for("reference.row", kind_name=kind_name, key=key)

    try:
        location = carry_out(form, act)
    except InvalidInput as error:
        form.refuse(error)
        return _add_page(kind, form)
    flash(_("Added."), "success")
    return see_other(location)


def _add_page(kind: Kind, form: forms.RowForm) -> Response:
    page = render_template(
        "reference/add.html",
        kind=kind,
        form=form,
        designations=True,
    )
    return make_response(page, 422 if form.errors else 200)


@blueprint.post("/<kind_name>/rows/<key>/remove")
@requires(Permission.REFERENCE_MANAGE)
def remove(kind_name: str, key: str) -> Response:
    """Remove a row that nothing uses."""
    shown = _shown(kind_name, key)
    removing = forms.RemoveForm(request.form)
    if not removing.validate():
        return _refused(shown, removing)

    def act(current: Session) -> str:
        service.remove(
            current,
            actor=current_actor(),
            kind=shown.kind,
            key=key,
            reason=removing.reason.data,
            seen=removing.seen.data,
            now=clock.now(),
        )
        return url_for("reference.listed", kind_name=kind_name)

    try:
        location = carry_out(removing, act)
    except service.InUse as error:
        used_by = presenters.used_by(error.uses)
        sentence = _("This cannot be removed, because it is used by %(uses)s.", uses=used_by)
        return _refused(_shown(kind_name, key), removing, sentence)
    except (StaleVersion, RuleViolation) as error:
        return _refused(_shown(kind_name, key), removing, str(error.message))
    flash(_("Removed. It stays in the history, from where it can be added again."), "success")
    return see_other(location)


def _refused(shown: _Shown, removing: forms.RemoveForm, sentence: str = "") -> Response:
    seen = rows.fingerprint(shown.values)
    removing.seen.data = seen
    form = _form(shown, values=shown.values, seen=seen)
    return _row_page(shown, form, removing=removing, refusal=sentence)

"""Answer requests about what a programme achieved and taught."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Response, flash, g, make_response, render_template, request, url_for
from sqlalchemy.orm import Session

from policytrack.core import clock
from policytrack.core.confidence import WEAK
from policytrack.core.db import session
from policytrack.core.errors import InvalidInput, NotFound, StaleVersion
from policytrack.core.forms import BaseForm, carry_out
from policytrack.core.i18n import gettext as _
from policytrack.core.ids import new_token
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires, see_other
from policytrack.programmes import forms, presenters, queries, service
from policytrack.programmes.content import item_content, stamp
from policytrack.programmes.forms import ItemForm
from policytrack.programmes.models import Programme, ProgrammeItem
from policytrack.programmes.rules import ItemKind
from policytrack.programmes.views.common import blueprint, own


@blueprint.get("/programmes/<code>/items")
@requires(Permission.PROGRAMME_WRITE, of_thing=True)
def items(code: str) -> str:
    """List what a programme achieved and taught, for those who write it."""
    programme = own(session(), code)
    return render_template(
        "programmes/items.html",
        page=presenters.head(programme),
        lists=presenters.item_lists(programme, WEAK),
        removed=presenters.removed(programme, WEAK),
        new_key=new_token,
    )


@blueprint.route("/programmes/<code>/items/new", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_WRITE, of_thing=True)
def add_item(code: str) -> Response:
    """Add an achievement, a lesson or a fact."""
    programme = own(session(), code)
    asked = request.args.get("kind", "")
    form = _form(None, kind=asked if asked in set(ItemKind) else ItemKind.ACHIEVEMENT)
    if request.method == "POST" and form.validate():
        try:
            location = carry_out(form, lambda current: _add(current, form, code))
        except InvalidInput as problem:
            forms.blame(form, problem)
        else:
            flash(_("It stands on the programme’s page."), "success")
            return see_other(location)
    return _page(form, programme, None)


@blueprint.route("/programmes/<code>/items/<item_code>/edit", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_WRITE, of_thing=True)
def item(code: str, item_code: str) -> Response:
    """Change an achievement, a lesson or a fact."""
    programme = own(session(), code)
    found = _present(programme, item_code)
    form = _form(found)
    if request.method != "POST" or not form.validate():
        return _page(form, programme, found)
    try:
        location = carry_out(form, lambda current: _change(current, form, code, item_code))
    except InvalidInput as problem:
        forms.blame(form, problem)
        return _page(form, programme, found)
    except StaleVersion:
        return _conflict(form, code, item_code)
    flash(_("It is saved.") if g.get("touched") else _("Nothing was different."), "success")
    return see_other(location)


@blueprint.post(
    "/programmes/<code>/items/<item_code>/<any(earlier, later, remove, restore):act>"
)  # fmt: skip
@requires(Permission.PROGRAMME_WRITE, of_thing=True)
def act_on_item(code: str, item_code: str, act: str) -> Response:
    """Move an item, remove it, or put it back."""
    own(session(), code)
    location = carry_out(
        BaseForm(request.form), lambda current: _act(current, code, item_code, act)
    )
    if said := {"remove": _("It is removed."), "restore": _("It is put back.")}.get(act):
        flash(said, "success")
    return see_other(location)


def _form(found: ProgrammeItem | None, **first: str) -> ItemForm:
    sent = request.form if request.method == "POST" else None
    choices = [
        (each.code, each.name) for each in presenters.countries(queries.reference(session()))
    ]
    data = _data(found) if found is not None else first
    return ItemForm(sent, data=data, countries=choices)


def _data(found: ProgrammeItem) -> dict[str, object]:
    content = item_content(found)
    address = url_for("library.show", public_id=content.document) if content.document else ""
    return forms.stated(content, stamp(content), address)


def _present(programme: Programme, item_code: str) -> ProgrammeItem:
    found = queries.item(programme, item_code)
    if found.retired:
        raise NotFound()
    return found


def _add(current: Session, form: ItemForm, code: str) -> str:
    service.add_item(
        current,
        actor=current_actor(),
        programme=own(current, code),
        given=form.to_content(),
        now=clock.now(),
    )
    return url_for("programmes.items", code=code)


def _change(current: Session, form: ItemForm, code: str, item_code: str) -> str:
    g.touched = service.change_item(
        current,
        actor=current_actor(),
        programme=own(current, code),
        code=item_code,
        given=form.to_content(),
        seen=form.seen.data or "",
        now=clock.now(),
    )
    return url_for("programmes.items", code=code)


def _act(current: Session, code: str, item_code: str, act: str) -> str:
    verbs: dict[str, Any] = {
        "remove": service.remove_item,
        "restore": service.restore_item,
        "earlier": partial(service.move_item, step=-1),
        "later": partial(service.move_item, step=1),
    }
    verbs[act](
        current,
        actor=current_actor(),
        programme=own(current, code),
        code=item_code,
        now=clock.now(),
    )
    return url_for("programmes.items", code=code)


def _conflict(form: ItemForm, code: str, item_code: str) -> Response:
    """Show what was saved meanwhile beside what was typed; sent again, the form prevails."""
    programme = own(session(), code)
    found = _present(programme, item_code)
    present = _data(found)
    newer = presenters.newer(form, present)
    form.seen.data = present["seen"]
    return _page(form, programme, found, newer)


def _page(
    form: ItemForm,
    programme: Programme,
    found: ProgrammeItem | None,
    newer: Sequence[presenters.Newer] = (),
) -> Response:
    page = render_template(
        "programmes/item.html",
        form=form,
        page=presenters.head(programme),
        item_code=found.code if found else "",
        remove_form=BaseForm(),
        newer=newer,
        designations=True,
    )
    return make_response(page, 409 if newer else 422 if form.errors else 200)

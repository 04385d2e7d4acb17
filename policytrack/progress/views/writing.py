"""Answer requests that write notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Response, flash, g, make_response, render_template, request, url_for
from sqlalchemy.orm import Session

from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.errors import InvalidInput, NotFound, StaleVersion
from policytrack.core.forms import carry_out, clean_line
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires, see_other
from policytrack.core.review import Action
from policytrack.progress import forms, policy, presenters, queries, service, targets, uploads
from policytrack.progress.content import indicators_of
from policytrack.progress.forms import NoteForm
from policytrack.progress.models import Note, NoteRevision
from policytrack.progress.views.common import blueprint, lacking
from policytrack.progress.words import DONE_WORDS

# A place in an address is a code; anything longer names nothing.
_LONGEST_CODE = 60


@blueprint.route("/notes/new", methods=["GET", "POST"])
@requires(Permission.NOTE_WRITE)
def write() -> Response:
    """Begin a note on a commitment, or on a country or a corridor under a theme."""
    actor, now = current_actor(), clock.now()
    about = targets.subject(session(), _named())
    target = targets.target(session(), actor, about, _named().get("constituent", ""), now)
    if target is None:
        return _choice(about)
    note = queries.of_key(session(), target.key)
    if note is not None and request.method == "GET" and _is_alive(note):
        return see_other(url_for("progress.show", note_id=note.public_id))
    form = _form(None, target)
    if request.method == "POST" and _is_fine(form):
        return _begin(form)
    return _editor(form, note=None, target=target)


def _named() -> Mapping[str, str]:
    return {
        name: clean_line(value)[:_LONGEST_CODE]
        for name, value in request.args.items()
        if name in {"commitment", "country", "corridor", "theme", "constituent"}
    }


def _is_alive(note: Note) -> bool:
    seen = policy.open_revision(current_actor(), note) if note.open else None
    return seen is not None or note.published_id is not None


def _choice(about: targets.Subject) -> Response:
    bodies = targets.candidates(session(), current_actor(), about)
    page = render_template("progress/choose.html", bodies=bodies, arguments=about.arguments)
    return make_response(page)


def _begin(form: NoteForm) -> Response:
    actor, given = current_actor(), _named()

    def act(current: Session) -> str:
        fresh = targets.subject(current, given)
        target = targets.target(current, actor, fresh, given.get("constituent", ""), clock.now())
        if target is None:
            raise NotFound()
        note = service.start(
            current, actor=actor, target=target, content=form.to_content(), now=clock.now()
        )
        current.flush()
        return _finish(current, form, note)

    return _saved(form, act)


@blueprint.route("/notes/<note_id>/edit", methods=["GET", "POST"])
@requires(Permission.NOTE_WRITE, of_thing=True)
def edit(note_id: str) -> Response:
    """Edit a draft, or take a returned note further."""
    actor = current_actor()
    note = queries.get(session(), actor, note_id)
    revision = policy.open_revision(actor, note)
    if revision is None:
        policy.require_for(actor, Action.SAVE, note)
        raise StaleVersion(_("No draft of this note is under way."))
    policy.require(actor, Action.SAVE, note, revision)
    form = _form(revision)
    if request.method == "POST" and _is_fine(form):
        return _saved(form, lambda current: _save(current, form, note_id), note_id=note_id)
    if request.method == "GET" and "check" in request.args:
        forms.blame(form, lacking(note, revision))
    return _editor(form, note=queries.get(session(), actor, note_id))


def _save(current: Session, form: NoteForm, note_id: str) -> str:
    actor = current_actor()
    note = queries.get(current, actor, note_id)
    service.save(
        current,
        actor=actor,
        note=note,
        content=form.to_content(),
        seen=form.version.data or "",
        now=clock.now(),
    )
    return _finish(current, form, note)


def _finish(current: Session, form: NoteForm, note: Note) -> str:
    """Submit what was saved, where that was the button, and return where to go on.

    Another button leads on to the library, to quote from it.
    """
    g.done = Action.SAVE
    if request.form.get("do") == Action.SUBMIT:
        service.submit(
            current,
            actor=current_actor(),
            note=note,
            people_protected=form.people_protected.data,
            now=clock.now(),
        )
        g.done = Action.SUBMIT
    elif request.form.get("do") == "quote":
        return url_for("progress.quote", note_id=note.public_id)
    return url_for("progress.show", note_id=note.public_id)


def _saved(
    form: NoteForm,
    act: Callable[[Session], str],
    *,
    note_id: str = "",
) -> Response:
    """Save and go on; show the form again with what is wrong, or beside a newer text."""
    try:
        location = carry_out(form, act)
    except InvalidInput as problem:
        forms.blame(form, problem.fields)
        return _again(form, note_id)
    except StaleVersion:
        return _conflict(form, note_id)
    flash(str(DONE_WORDS[g.get("done", Action.SAVE)]), "success")
    return see_other(location)


def _again(form: NoteForm, note_id: str) -> Response:
    if note_id:
        return _editor(form, note=queries.get(session(), current_actor(), note_id))
    return _editor(form, note=None, target=_target())


def _target() -> targets.Target | None:
    about = targets.subject(session(), _named())
    chosen = _named().get("constituent", "")
    return targets.target(session(), current_actor(), about, chosen, clock.now())


def _conflict(form: NoteForm, note_id: str) -> Response:
    """Show the newer text beside what was typed; sent again, the form is saved onto the newer."""
    actor = current_actor()
    if not note_id:
        target = _target()
        found = queries.of_key(session(), target.key) if target else None
        if found is None:
            raise StaleVersion(_("This note has moved on in the meantime; that step is closed."))
        note_id = found.public_id
    note = queries.get(session(), actor, note_id)
    newer = policy.open_revision(actor, note) or note.published
    form.version.data = newer.stamp if newer else ""
    return _editor(form, note=note, newer=newer)


def _form(revision: NoteRevision | None, target: targets.Target | None = None) -> NoteForm:
    commitment = (
        revision.note.commitment if revision else target.subject.commitment if target else None
    )
    return forms.note_form(
        indicators_of(commitment).values(),
        request.form if request.method == "POST" else None,
        revision=revision,
        language=current_actor().language or language().code,
    )


def _is_fine(form: NoteForm) -> bool:
    """Check a form after keeping its files, so that none has to be sent again."""
    now = clock.now()
    checks = [form.validate(), form.check_readings(now)]
    user_id = current_actor().user_id or 0
    return uploads.take(form, request.files.getlist("files"), user_id, now) and all(checks)


def _editor(
    form: NoteForm,
    *,
    note: Note | None,
    target: targets.Target | None = None,
    newer: NoteRevision | None = None,
) -> Response:
    actor = current_actor()
    if note is not None and note.open is not None:
        queries.carried(session(), note.open)
    page = presenters.editor(actor, note, target, newer, form.texts, clock.now())
    body = render_template(
        "progress/edit.html",
        form=form,
        page=page,
        waiting=uploads.waiting(session(), form, actor.user_id or 0),
        removed=set(form.removed.data or ()),
        until=queries.until(session(), note, clock.now()) if note else None,
        designations=True,
    )
    return make_response(body, 409 if newer else 422 if form.errors else 200)

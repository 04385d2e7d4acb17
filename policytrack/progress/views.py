"""Answer requests that write, show, compare, review and decide notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy.orm import Session

from policytrack.core import clock, paging
from policytrack.core.db import session, transaction
from policytrack.core.errors import InvalidInput, NotFound, StaleVersion
from policytrack.core.files import responses
from policytrack.core.forms import BaseForm, clean_line, once
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.progress import forms, policy, presenters, queries, service, targets, uploads
from policytrack.progress.content import indicators_of
from policytrack.progress.forms import NoteForm
from policytrack.progress.models import Note, NoteRevision
from policytrack.progress.rules import Action, State
from policytrack.progress.words import DONE_WORDS, STATE_WORDS

blueprint = Blueprint("progress", __name__)

# A place in an address is a code; anything longer names nothing.
_LONGEST_CODE = 60


# Writing


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
        return _see(url_for("progress.show", note_id=note.public_id))
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
        forms.blame(form, _lacking(note, revision))
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
    """Submit what was saved, where that was the button, and return where to go on."""
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
    return url_for("progress.show", note_id=note.public_id)


def _saved(
    form: NoteForm,
    act: Callable[[Session], str],
    *,
    note_id: str = "",
) -> Response:
    """Save and go on; show the form again with what is wrong, or beside a newer text."""
    try:
        location = _once(form, act)
    except InvalidInput as problem:
        forms.blame(form, problem.fields)
        return _again(form, note_id)
    except StaleVersion:
        return _conflict(form, note_id)
    flash(str(DONE_WORDS[g.get("done", Action.SAVE)]), "success")
    return _see(location)


def _once(form: BaseForm, act: Callable[[Session], str]) -> str:
    with transaction() as current:
        return once(
            current,
            key=form.form_key.data or "",
            user_id=current_actor().user_id or 0,
            now=clock.now(),
            act=lambda: act(current),
        )


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


# Reading


@blueprint.get("/notes/<note_id>")
@requires(Permission.PUBLISHED_READ)
def show(note_id: str) -> Response:
    """Show a note: what is published, and what is under way to those who may read it."""
    note = queries.get(session(), current_actor(), note_id)
    return _page(note, forms.DecisionForm(), forms.SubmitForm())


def _page(
    note: Note, decision: forms.DecisionForm, submission: forms.SubmitForm, code: int = 200
) -> Response:
    actor, now = current_actor(), clock.now()
    revisions = queries.history(session(), actor, note)
    under_way = policy.open_revision(actor, note)
    page = presenters.note_page(
        actor,
        note,
        revisions,
        until=queries.until(session(), note, now),
        lacking=_lacking(note, under_way) if under_way else {},
        chosen=request.args.get("revision", ""),
        wanted=request.args.get("language", ""),
        part=request.args.get("part", ""),
    )
    if under_way and not submission.version.data:
        submission.version.data = under_way.stamp
    body = render_template(
        "progress/show.html",
        page=page,
        decision=decision,
        submission=submission,
        designations=True,
    )
    return make_response(body, code)


def _lacking(note: Note, revision: NoteRevision) -> Mapping[str, object]:
    """Return what a draft lacks before it can be submitted, but for the confirmation."""
    if revision.state not in {State.DRAFT, State.RETURNED}:
        return {}
    former = queries.precedent(session(), note) if note.published_id is None else None
    return service.lacking(revision, former, people_protected=True)


@blueprint.get("/notes/<note_id>/clearance")
@requires(Permission.DRAFT_READ, of_thing=True)
def clearance(note_id: str) -> str:
    """Print a note as a sheet to be cleared and signed at home."""
    actor = current_actor()
    note = queries.get(session(), actor, note_id)
    policy.require_insider(actor, note)
    revisions = queries.history(session(), actor, note)
    chosen = note.open_id if note.open_id in {each.id for each in revisions} else note.published_id
    revision = next((each for each in revisions if each.id == chosen), None)
    if revision is None:
        raise NotFound()
    return render_template(
        "progress/clearance.html",
        heading=presenters.heading(note),
        revision=presenters.original_view(note, revision),
        printed_at=clock.now(),
        closes_on=note.round.closes_on,
        designations=True,
    )


@blueprint.get("/notes/<note_id>/compare")
@requires(Permission.PUBLISHED_READ)
def compare(note_id: str) -> str:
    """Compare any two revisions that the reader may see, word by word."""
    actor = current_actor()
    note = queries.get(session(), actor, note_id)
    revisions = {each.public_id: each for each in queries.history(session(), actor, note)}
    usual = [*revisions][:2]
    new = revisions.get(request.args.get("to") or (usual[0] if usual else ""))
    old = revisions.get(request.args.get("from") or (usual[1] if len(usual) > 1 else ""))
    if new is None or old is None:
        raise NotFound()
    return render_template(
        "progress/compare.html",
        heading=presenters.heading(note),
        revisions=presenters.revision_choices(revisions.values()),
        comparison=presenters.comparison(
            note,
            old,
            new,
            insider=policy.is_insider(actor, note),
            part=request.args.get("part", ""),
        ),
        designations=True,
    )


@blueprint.get("/evidence/<evidence_id>")
@requires(Permission.PUBLISHED_READ)
def evidence(evidence_id: str) -> Response:
    """Send a file that is evidence of a revision which the reader may see."""
    found = queries.evidence(session(), current_actor(), evidence_id)
    if found.file is None:
        raise NotFound()
    public = policy.revision_is_public(found.revision.note, found.revision)
    return responses.send(found.file, found.file_name, public=public)


# Deciding


@blueprint.get("/review")
@requires(Permission.NOTE_REVIEW)
def queue() -> str:
    """List what waits for a decision, oldest first."""
    filters = queries.QueueFilters(
        state=request.args.get("state", ""),
        group=request.args.get("group", ""),
        mine=request.args.get("mine", "") == "1",
        page=paging.number_of(request.args.get("page")),
    )
    page = queries.queue(session(), current_actor(), filters)
    return render_template(
        "progress/queue.html",
        page=page,
        rows=presenters.queue_rows(page.items),
        filters=filters,
        states=[(each.value, str(STATE_WORDS[each])) for each in presenters.QUEUED],
        groups=presenters.group_words(),
        designations=True,
    )


@blueprint.post("/notes/<note_id>/<action>")
@requires(Permission.NOTE_WRITE, of_thing=True)
def act(note_id: str, action: str) -> Response:
    """Take a step in the life of a note."""
    actor = current_actor()
    note = queries.get(session(), actor, note_id)
    if action not in _ACTS:
        raise NotFound()
    decision, submission = forms.DecisionForm(request.form), forms.SubmitForm(request.form)
    form = submission if action == Action.SUBMIT else decision
    if not form.validate():
        return _page(note, decision, submission, 422)

    def carry_out(current: Session) -> str:
        thing = queries.get(current, actor, note_id)
        _ACTS[action](current, form, actor=actor, note=thing, now=clock.now())
        current.flush()
        return _after(thing, action)

    try:
        location = _once(form, carry_out)
    except InvalidInput as problem:
        forms.blame(form, problem.fields)
        return _page(queries.get(session(), actor, note_id), decision, submission, 422)
    flash(str(DONE_WORDS[Action(action)]), "success")
    return _see(location)


def _return(current: Session, form: Any, **known: Any) -> None:
    service.return_(
        current,
        reason=form.reason.data or "",
        language=language().code,
        internal_comment=form.internal_comment.data or "",
        **known,
    )


def _retract(current: Session, form: Any, **known: Any) -> None:
    service.retract(current, reason=form.reason.data or "", language=language().code, **known)


def _publish(current: Session, form: Any, **known: Any) -> None:
    service.publish(current, internal_comment=form.internal_comment.data or "", **known)


def _submit(current: Session, form: Any, **known: Any) -> None:
    service.submit(
        current,
        people_protected=form.people_protected.data,
        seen=form.version.data or "",
        **known,
    )


_ACTS: Mapping[str, Callable[..., object]] = {
    Action.SUBMIT: _submit,
    Action.DISCARD: lambda current, _form, **known: service.discard(current, **known),
    Action.WITHDRAW: lambda current, _form, **known: service.withdraw(current, **known),
    Action.TAKE_UP: lambda current, _form, **known: service.take_up(current, **known),
    Action.RETURN: _return,
    Action.PUBLISH: _publish,
    Action.REVISE: lambda current, _form, **known: service.revise(current, **known),
    Action.RETRACT: _retract,
}


def _after(note: Note, action: str) -> str:
    if action == Action.REVISE:
        return url_for("progress.edit", note_id=note.public_id)
    if note.open_id or note.published_id or note.retracted_at:
        return url_for("progress.show", note_id=note.public_id)
    return url_for("pages.home")


def _see(location: str) -> Response:
    return make_response(redirect(location, 303))


# Translating


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
            location = _once(form, lambda current: _translated(current, form, note_id))
        except InvalidInput as problem:
            forms.blame(form, problem.fields)
        else:
            flash(_("The translation is saved."), "success")
            return _see(location)
        note = queries.get(session(), actor, note_id)
        published = policy.require_translatable(actor, note)
    page = render_template(
        "progress/translate.html",
        form=form,
        heading=presenters.heading(note),
        original=presenters.original_view(note, published),
        designations=True,
    )
    return make_response(page, 422 if form.errors else 200)


def _translated(current: Session, form: forms.TranslationForm, note_id: str) -> str:
    actor = current_actor()
    note = queries.get(current, actor, note_id)
    service.translate(current, actor=actor, note=note, command=form.to_command(), now=clock.now())
    return url_for("progress.show", note_id=note_id, language=form.language.data)

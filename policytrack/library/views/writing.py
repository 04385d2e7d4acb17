"""Answer requests that begin documents and write what is said of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, flash, g, make_response, render_template, request, url_for
from sqlalchemy.orm import Session

from policytrack.constituents import queries as constituents
from policytrack.constituents.models import Constituent
from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.errors import InvalidInput, NotFound, StaleVersion
from policytrack.core.forms import carry_out
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language, ngettext
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires, see_other, settings
from policytrack.core.review import Action
from policytrack.library import forms, policy, practicewords, queries, rules, service, uploads
from policytrack.library.description import Description
from policytrack.library.forms import BeginForm, DocumentForm
from policytrack.library.models import LibraryDocument, LibraryRevision
from policytrack.library.presenters import choices, editor, terms
from policytrack.library.rules import Type
from policytrack.library.views.common import blueprint
from policytrack.library.words import DONE_WORDS, PRACTICE_WORDS


@blueprint.route("/library/new", methods=["GET", "POST"])
@requires(Permission.LIBRARY_WRITE)
def new() -> Response:
    """Begin a document, or one for each of several files."""
    form = _begin_form()
    user_id = current_actor().user_id or 0
    if request.method == "POST":
        fine = form.validate()
        taken = uploads.take(form, request.files.getlist("files"), user_id, clock.now())
        if not form.staged.data and not form.files.errors and request.form.get("do") != "without":
            forms.blame(form, {"files": _("Choose a file, or begin without one.")})
        elif fine and taken:
            return _begun(form)
    return _beginner(form)


def _begin_form() -> BeginForm:
    bodies = _bodies()
    pairs = [(each.public_id, "") for each in bodies]
    if policy.writes_on_behalf(current_actor()):
        pairs.insert(0, ("", ""))
    form = BeginForm(request.form if request.method == "POST" else None, bodies=pairs)
    if len(pairs) == 1:
        form.organisation.data = pairs[0][0]
    if request.method == "GET":
        form.type.process_formdata(request.args.getlist("type")[:1])
        # The script names here what has arrived, so that a page that is opened again has it still.
        form.staged.process_formdata(request.args.getlist("staged"))
    return form


def _bodies() -> Sequence[Constituent]:
    """Return the organisations that the person writes for, as lists show them."""
    actor = current_actor()
    found = constituents.listed(session(), actor, language=language().code)
    if policy.writes_on_behalf(actor):
        return found
    own = actor.own(Permission.LIBRARY_WRITE)
    return [each for each in found if each.id in own]


def _begun(form: BeginForm) -> Response:
    try:
        location = carry_out(form, lambda current: _begin(current, form))
    except InvalidInput as problem:
        forms.blame(form, problem.fields)
        return _beginner(form)
    count = g.get("begun", 1)
    said = ngettext("%(count)s draft is begun.", "%(count)s drafts are begun.", count, count=count)
    flash(said, "success")
    return see_other(location)


def _begin(current: Session, form: BeginForm) -> str:
    actor, now = current_actor(), clock.now()
    body = None
    if form.organisation.data:
        body = constituents.of_public_id(current, actor, form.organisation.data)
    attachments = service.claimed(current, actor=actor, staged=form.staged.data or ())
    parcels = [[each] for each in attachments] if form.each.data == "each" else [attachments]
    started = [
        service.start(
            current,
            actor=actor,
            organisation=body,
            given=Description(type=form.type.data or ""),
            attachments=parcel,
            now=now,
        )
        for parcel in parcels
    ]
    g.begun = len(started)
    if len(started) > 1:
        return url_for("library.mine", state="draft")
    return url_for("library.edit", public_id=started[0].public_id)


def _beginner(form: BeginForm) -> Response:
    actor = current_actor()
    waiting = uploads.waiting(session(), form.staged.data or (), actor.user_id or 0)
    same = queries.same_files(
        session(), actor, {each.source_sha256 for each in waiting} - {""}, clock.now()
    )
    page = render_template(
        "library/new.html",
        form=form,
        bodies=choices.organisation_groups(_bodies()) if len(form.organisation.choices) > 1 else [],
        on_behalf=policy.writes_on_behalf(actor),
        waiting=editor.waiting_views(waiting, same),
        megabytes=settings().max_upload_megabytes,
        designations=True,
    )
    # What is lacking is shown on the page that was asked for; only what was sent is refused.
    refused = request.method == "POST" and form.errors
    return make_response(page, 422 if refused else 200)


@blueprint.route("/library/<public_id>/edit", methods=["GET", "POST"])
@requires(Permission.LIBRARY_WRITE, of_thing=True)
def edit(public_id: str) -> Response:
    """Write what is said of a draft, or take a returned document further."""
    actor = current_actor()
    document, revision = _draft(public_id)
    form = _form(revision, request.form if request.method == "POST" else None)
    if request.method == "POST":
        return _edited(form, public_id)
    form.staged.process_formdata(request.args.getlist("staged"))
    if "check" in request.args and policy.can(actor, Action.SAVE, document, revision):
        forms.blame(form, service.lacking(revision, people_protected=True))
    return _editor(form, document, revision)


def _draft(public_id: str) -> tuple[LibraryDocument, LibraryRevision]:
    """Return a document and the whole of its draft, where the person may write it."""
    actor, now = current_actor(), clock.now()
    document = queries.get(session(), actor, public_id, now)
    revision = policy.open_revision(actor, document, now)
    if revision is None:
        policy.require_for(actor, Action.SAVE, document)
        raise StaleVersion(_("No draft of this document is under way."))
    policy.require(actor, Action.SAVE, document, revision)
    if request.method == "GET":
        rules.step(revision.state, Action.SAVE)
    return document, queries.whole(session(), revision)


def _form(revision: LibraryRevision, given: Any = None) -> DocumentForm:
    found = [each.target.public_id for each in revision.relations]
    seen = queries.by_public_ids(session(), current_actor(), found, clock.now())
    return forms.document_form(
        choices.choice_groups(queries.reference(session()), revision),
        given,
        revision,
        address=lambda each: url_for("library.show", public_id=each),
        seen={each.id for each in seen.values()},
        columns=queries.law_columns(session()),
    )


def _edited(form: DocumentForm, public_id: str) -> Response:
    """Save and go on; show the form again with what is wrong, or beside a newer text."""
    user_id = current_actor().user_id or 0
    fine = form.validate()
    taken = uploads.take(form, request.files.getlist("files"), user_id, clock.now())
    document, revision = _draft(public_id)
    if offered := request.form.get("use"):
        return _filled(form, document, revision, offered)
    if not (fine and taken):
        return _editor(form, document, revision)
    try:
        location = carry_out(form, lambda current: _save(current, form, public_id))
    except InvalidInput as problem:
        forms.blame(form, problem.fields)
        return _editor(form, *_draft(public_id))
    except StaleVersion:
        return _conflict(form, public_id)
    flash(str(DONE_WORDS[g.get("done", Action.SAVE)]), "success")
    return see_other(location)


def _save(current: Session, form: DocumentForm, public_id: str) -> str:
    actor, now = current_actor(), clock.now()
    document = queries.get(current, actor, public_id, now)
    revision = service.save(
        current,
        actor=actor,
        document=document,
        given=form.to_description(_relations(current, form, document)),
        attachments=service.claimed(current, actor=actor, staged=form.staged.data or ()),
        seen=form.version.data or "",
        now=now,
    )
    g.done = Action.SAVE
    if request.form.get("do") == Action.SUBMIT:
        service.submit(
            current,
            actor=actor,
            document=document,
            people_protected=form.people_protected.data,
            seen=revision.stamp,
            now=now,
        )
        g.done = Action.SUBMIT
    return url_for("library.show", public_id=public_id)


def _relations(
    current: Session, form: DocumentForm, document: LibraryDocument
) -> list[tuple[str, int]]:
    """Return how the document stands to others, by their ids.

    What it is to documents that the person may not see stays as it is. Raises `InvalidInput`.
    """
    actor, now = current_actor(), clock.now()
    before = document.open.relations if document.open else []
    named = {public_id for _row, _kind, public_id in form.linked}
    seen = queries.by_public_ids(
        current, actor, named | {each.target.public_id for each in before}, now
    )
    problems: dict[str, object] = {}
    pairs = [(each.kind, each.target_id) for each in before if each.target.public_id not in seen]
    for row, kind, public_id in form.linked:
        if public_id not in seen:
            problems[row] = _("There is no document at this address, or none that you may see.")
        elif public_id == document.public_id:
            problems[row] = _("This is the address of this document itself.")
        else:
            pairs.append((kind, seen[public_id].id))
    if problems:
        raise InvalidInput(_("Something needs to be put right"), problems)
    return pairs


def _filled(
    form: DocumentForm, document: LibraryDocument, revision: LibraryRevision, offered: str
) -> Response:
    """Put what a file says into the form; nothing is saved yet."""
    texts = queries.texts_of(session(), [each.file_id for each in revision.files])
    found = editor.offers([texts[each.file_id] for each in revision.files if each.file_id in texts])
    if offered not in found:
        raise NotFound()
    form[offered].data = found[offered].value
    form[offered].raw_data = [found[offered].value]
    form[offered].errors = []
    return _editor(form, document, revision)


def _conflict(form: DocumentForm, public_id: str) -> Response:
    """Show the newer text beside what was typed; sent again, the form is saved onto the newer."""
    actor, now = current_actor(), clock.now()
    document = queries.get(session(), actor, public_id, now)
    newest = policy.open_revision(actor, document, now) or policy.published_revision(
        actor, document, now
    )
    if newest is None:
        raise StaleVersion(_("This document has moved on in the meantime; that step is closed."))
    newest = queries.whole(session(), newest)
    form.version.data = newest.stamp
    newer = editor.differing(form, _form(newest))
    return _editor(form, document, newest, newer=newer)


def _editor(
    form: DocumentForm,
    document: LibraryDocument,
    revision: LibraryRevision,
    newer: dict[str, str] | None = None,
) -> Response:
    current, actor, now = session(), current_actor(), clock.now()
    waiting = uploads.waiting(current, form.staged.data or (), actor.user_id or 0)
    groups = choices.choice_groups(queries.reference(current), revision)
    page = editor.editor(
        actor,
        document,
        revision,
        texts=queries.texts_of(current, [each.file_id for each in revision.files]),
        same=queries.same_files(
            current, actor, _hashes(revision, waiting), now, apart_from=document
        ),
        waiting=waiting,
        targets=queries.by_public_ids(current, actor, {row[2] for row in form.linked}, now),
        newer=newer,
        now=now,
    )
    body = render_template(
        "library/edit.html",
        form=form,
        page=page,
        groups=groups,
        legal=rules.LEGAL,
        sections=terms.sections(entry.form.about for entry in form.terms),
        practice=[name for name in PRACTICE_WORDS if name not in rules.PRACTICE_LISTS],
        practice_lines=forms.PRACTICE_LINES,
        practice_groups=practicewords.GROUPS if form.type.data == Type.PRACTICE else (),
        practice_help=practicewords.HELP,
        practice_seldom=practicewords.SELDOM,
        removed=set(form.removed.data or ()),
        megabytes=settings().max_upload_megabytes,
        designations=True,
    )
    wrong = form.errors and request.method == "POST"
    return make_response(body, 409 if page.stale else 422 if wrong else 200)


def _hashes(revision: LibraryRevision, waiting: Iterable[Any]) -> set[str]:
    return {each.source_sha256 for each in (*revision.files, *waiting)} - {""}

"""Answer requests that show, print and compare notes, and send their evidence."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.errors import NotFound
from policytrack.core.files import responses
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.progress import forms, policy, presenters, queries
from policytrack.progress.models import Note
from policytrack.progress.views.common import blueprint, lacking


@blueprint.get("/notes/<note_id>")
@requires(Permission.PUBLISHED_READ)
def show(note_id: str) -> Response:
    """Show a note: what is published, and what is under way to those who may read it."""
    note = queries.get(session(), current_actor(), note_id)
    return show_note(note, forms.DecisionForm(), forms.SubmitForm())


def show_note(
    note: Note, decision: forms.DecisionForm, submission: forms.SubmitForm, code: int = 200
) -> Response:
    """Show the page of a note, with the forms as they were filled in."""
    actor, now = current_actor(), clock.now()
    revisions = queries.history(session(), actor, note)
    under_way = policy.open_revision(actor, note)
    page = presenters.note_page(
        actor,
        note,
        revisions,
        now=now,
        until=queries.until(session(), note, now),
        lacking=lacking(note, under_way) if under_way else {},
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
        revision=presenters.original_view(note, revision, presenters.Reader(actor, clock.now())),
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
    insider = policy.is_insider(actor, note)
    numbers = presenters.version_numbers(revisions.values(), insider=insider)
    return render_template(
        "progress/compare.html",
        heading=presenters.heading(note),
        revisions=presenters.revision_choices(revisions.values(), numbers),
        numbers=(numbers[old.id], numbers[new.id]),
        comparison=presenters.comparison(
            note,
            old,
            new,
            presenters.Reader(actor, clock.now()),
            insider=insider,
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

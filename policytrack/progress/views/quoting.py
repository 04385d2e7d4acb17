"""Answer requests that find a document and quote from it in a note."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, flash, make_response, render_template, request, url_for
from sqlalchemy.orm import Session

from policytrack.core import clock, paging
from policytrack.core.db import session
from policytrack.core.errors import InvalidInput, NotFound, StaleVersion
from policytrack.core.forms import carry_out, clean_line
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import ANONYMOUS, Permission
from policytrack.core.requests import current_actor, requires, see_other
from policytrack.core.review import Action
from policytrack.library import policy as library_policy
from policytrack.library import queries as library
from policytrack.library.finding import Words
from policytrack.library.models import LibraryFile, TextPage
from policytrack.library.presenters import listing, texts
from policytrack.progress import forms, policy, presenters, queries, rules, service
from policytrack.progress.models import Note
from policytrack.progress.presenters import picking
from policytrack.progress.views.common import blueprint

# Nobody looks for a sentence of more characters.
_ASKED = 200
# Of the library's filters, those by which a person knows a document.
_FILTERS = ("type", "country", "language")


@blueprint.get("/notes/<note_id>/quote")
@requires(Permission.NOTE_WRITE, of_thing=True)
def quote(note_id: str) -> str:
    """Find the document that a draft is to quote."""
    note, current, actor, now = _draft(note_id), session(), current_actor(), clock.now()
    filters = library.parse(request.args)
    page = library.listing(current, actor, filters, now, with_text=True)
    revisions = [each.published_id for each in page.items if each.published_id is not None]
    files = queries.with_text(current, revisions)
    choices = listing.filters_of(library.options(current, actor, now), filters)
    return render_template(
        "progress/quote.html",
        heading=presenters.heading(note),
        page=page,
        found=picking.found(note, page.items, files, presenters.Reader(actor, now)),
        said=listing.found_sentence(page.total),
        filters=filters,
        choices=[each for each in choices if each.name in _FILTERS],
    )


def _draft(note_id: str) -> Note:
    """Return a note with a draft that the person may write in, or raise."""
    actor = current_actor()
    note = queries.get(session(), actor, note_id)
    revision = policy.open_revision(actor, note)
    if revision is None:
        policy.require_for(actor, Action.SAVE, note)
        raise StaleVersion(_("No draft of this note is under way."))
    policy.require(actor, Action.SAVE, note, revision)
    rules.step(revision.state, Action.SAVE)
    return note


@blueprint.route("/notes/<note_id>/quote/<document_id>", methods=["GET", "POST"])
@requires(Permission.NOTE_WRITE, of_thing=True)
def quote_page(note_id: str, document_id: str) -> Response:
    """Show a page of a document sentence by sentence, and quote what is picked of it."""
    note = _draft(note_id)
    form = forms.QuoteForm(request.form)
    file, files = _file(document_id, form.file.data or request.args.get("file", ""))
    words = Words(clean_line(request.args.get("q", "")[:_ASKED]))
    if request.method == "POST":
        try:
            return _picked(form, note, file)
        except InvalidInput as problem:
            page = _page(file, paging.number_of(form.page.data))
            sentences = [str(each) for each in problem.fields.values()]
            return _picker(note, file, files, page, words, sentences)
    if words and "page" not in request.args:
        return _hits(note, file, words)
    page = _page(file, paging.number_of(request.args.get("page")))
    return _picker(note, file, files, page, words)


def _file(document_id: str, wanted: str) -> tuple[LibraryFile, Sequence[LibraryFile]]:
    """Return the file that the address names, else the first, and all of them that have text."""
    current, actor, now = session(), current_actor(), clock.now()
    document = library.get(current, actor, document_id, now)
    revision = library_policy.published_revision(actor, document, now)
    found = queries.with_text(current, [revision.id]).get(revision.id, ()) if revision else ()
    if not wanted and not found:
        raise NotFound()
    file = service.quotable(current, actor, document_id, wanted or found[0].public_id, now)
    return file, found


def _page(file: LibraryFile, asked: int) -> TextPage:
    """Return the page asked for; beyond the last it is the last."""
    numbers = [number for number, _length in library.lengths(session(), file)]
    if not numbers:
        raise NotFound()
    number = asked if asked in numbers else numbers[-1]
    return library.text_pages(session(), file, [number])[0]


def _picker(
    note: Note,
    file: LibraryFile,
    files: Sequence[LibraryFile],
    page: TextPage,
    words: Words,
    problems: Sequence[str] = (),
) -> Response:
    numbers = [number for number, _length in library.lengths(session(), file)]
    revision = file.revision
    shown = picking.picker(
        note,
        file,
        files,
        page,
        numbers,
        words=words,
        part=paging.number_of(request.args.get("part")),
        ticked=request.form.getlist("sentence"),
        public=library_policy.revision_visible(ANONYMOUS, revision.document, revision, clock.now()),
    )
    form = forms.QuoteForm(data={"file": file.public_id, "page": page.number})
    body = render_template(
        "progress/quote_page.html",
        page=shown,
        form=form,
        problems=problems,
        document_id=file.revision.document.public_id,
    )
    return make_response(body, 422 if problems else 200)


def _hits(note: Note, file: LibraryFile, words: Words) -> Response:
    asked = paging.number_of(request.args.get("hits"))
    found = texts.hits(library.each_page(session(), file), words, asked)
    body = render_template(
        "progress/quote_hits.html",
        heading=presenters.heading(note),
        file=texts.head(file.revision.document, file, file.said),
        action=url_for(
            "progress.quote_page",
            note_id=note.public_id,
            document_id=file.revision.document.public_id,
        ),
        hits=picking.hits(note, file, found, words),
        words=" ".join(words.words),
    )
    return make_response(body)


def _picked(form: forms.QuoteForm, note: Note, file: LibraryFile) -> Response:
    """Show what was picked to be looked at again; put it into the note once it was."""
    if not form.validate():
        raise NotFound()
    command = form.to_command(file.revision.document.public_id)
    page = next(iter(library.text_pages(session(), file, [command.page])), None)
    if page is None:
        raise NotFound()
    if request.form.get("do") == "add":
        return _added(form, note.public_id, command)
    spoken = library.tongue(file, page)
    if command.quote:
        start, said = service.passage(page, command.quote, command.near)
    else:
        start, said = picking.joined(page, spoken, request.form.getlist("sentence"))
        service.passage(page, said, start)
    reader = presenters.Reader(current_actor(), clock.now())
    body = render_template(
        "progress/quote_confirm.html",
        heading=presenters.heading(note),
        quotation=presenters.quotation_from(
            file,
            reader,
            quote=said,
            language=spoken,
            page=page.number,
            sha256=file.file.sha256,
        ),
        form=forms.QuoteForm(
            data={"file": file.public_id, "page": page.number, "quote": said, "near": start}
        ),
        again=picking.address(note, file, page=str(page.number)),
        document_id=file.revision.document.public_id,
    )
    return make_response(body)


def _added(form: forms.QuoteForm, note_id: str, command: service.QuoteCommand) -> Response:
    actor = current_actor()

    def act(current: Session) -> str:
        note = queries.get(current, actor, note_id)
        service.quote(current, actor=actor, note=note, command=command, now=clock.now())
        return url_for("progress.edit", note_id=note_id, _anchor="carried")

    location = carry_out(form, act)
    flash(_("The quotation is in your note."), "success")
    return see_other(location)


@blueprint.get("/library/<document_id>/quote")
@requires(Permission.NOTE_WRITE)
def quote_in(document_id: str) -> str:
    """Choose the draft in which a page of a document is quoted."""
    file, _files = _file(document_id, request.args.get("file", ""))
    page = _page(file, paging.number_of(request.args.get("page")))
    return render_template(
        "progress/quote_in.html",
        drafts=picking.drafts(queries.drafts(session(), current_actor()), file, str(page.number)),
        file=texts.head(file.revision.document, file, file.said),
    )

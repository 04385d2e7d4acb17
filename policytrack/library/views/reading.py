"""Answer requests that show a document, its text by page, and how it is cited."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request
from werkzeug.exceptions import Gone

from policytrack.core import clock, paging
from policytrack.core.db import session
from policytrack.core.errors import NotFound
from policytrack.core.forms import clean_line
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.library import citers, policy, queries
from policytrack.library.finding import Words
from policytrack.library.models import FileText, LibraryDocument, LibraryFile, LibraryRevision
from policytrack.library.presenters import (
    citations,
    files,
    page,
    practices,
    terms,
    texts,
)
from policytrack.library.rules import Relation
from policytrack.library.views.acting import acting
from policytrack.library.views.common import blueprint

# Nobody looks for a sentence of more characters.
_ASKED = 200


@blueprint.get("/library/<public_id>")
@requires(Permission.PUBLISHED_READ)
def show(public_id: str) -> Response:
    """Show a document; of one that was withdrawn, when and why."""
    return show_document(queries.get(session(), current_actor(), public_id, clock.now()))


def show_document(document: LibraryDocument, code: int = 0, **forms: Any) -> Response:
    """Show the page of a document, with forms as they were filled in.

    Without a `code` it is 410 where only the withdrawal is left to be told.
    """
    current, actor, now = session(), current_actor(), clock.now()
    revisions = queries.history(current, actor, document, now)
    revision = page.chosen(document, revisions, request.args.get("revision", ""))
    revision = queries.whole(current, revision) if revision else None
    related = queries.related(current, actor, revision, now) if revision else ()
    body = render_template(
        "library/show.html",
        page=page.page(actor, document, revision, revisions, related, now),
        files=_files(document, revision),
        citing=citers.groups(current, actor, document),
        terms=_terms(document, revision),
        practice=_practice(document, revision),
        **_cited(document, revision),
        **(forms or acting(document)),
    )
    gone = revision is None and document.retracted_at is not None
    return make_response(body, code or (410 if gone else 200))


def _terms(document: LibraryDocument, revision: LibraryRevision | None) -> list[terms.ThemePoints]:
    if revision is None or not revision.terms:
        return []
    may_read = policy.may_have_files(current_actor(), document, revision)
    columns = queries.law_columns(session())
    return terms.points(document, revision, columns, may_read=may_read)


def _practice(
    document: LibraryDocument, revision: LibraryRevision | None
) -> practices.Practice | None:
    if revision is None or not revision.practice:
        return None
    insider = policy.is_insider(current_actor(), document)
    return practices.practice(revision, queries.practice_names(session()), insider=insider)


def _files(document: LibraryDocument, revision: LibraryRevision | None) -> list[files.FileView]:
    if revision is None or not policy.may_have_files(current_actor(), document, revision):
        return []
    ids = [each.file_id for each in revision.files]
    found = queries.texts_of(session(), ids)
    return files.files(document, revision.files, found, queries.origins(session(), ids))


def _cited(document: LibraryDocument, revision: LibraryRevision | None) -> dict[str, Any]:
    """Return what a page says of how to cite it; only what is in force is cited."""
    if revision is None or revision.id != document.published_id:
        return {}
    actor, now = current_actor(), clock.now()
    translated = any(each.kind == Relation.TRANSLATES for each in revision.relations)
    titles = queries.originals(session(), actor, revision, now) if translated else {}
    citable = citations.citable(actor, document, titles)
    return {
        "head": citations.head(citable),
        "styles": citations.styles(citable, now.date()),
        "formats": citations.addresses(document),
    }


@blueprint.get("/library/<public_id>.<any(bib, ris, json):kind>")
@requires(Permission.PUBLISHED_READ)
def cite(public_id: str, kind: str) -> Response:
    """Hand over how to cite a document, as a file for reference managers."""
    current, actor, now = session(), current_actor(), clock.now()
    document = queries.get(current, actor, public_id, now)
    revision = policy.published_revision(actor, document, now)
    if revision is None:
        raise NotFound()
    queries.whole(current, revision)
    titles = queries.originals(current, actor, revision, now)
    found = citations.citable(actor, document, titles)
    return citations.answer([found], kind, document.public_id, now)


@blueprint.get("/library/<public_id>/text")
@requires(Permission.PUBLISHED_READ)
def text(public_id: str) -> str:
    """Show the text of a file, some pages at a time, or the pages that hold the words asked for."""
    document, file = _file_of(public_id)
    said = queries.text_of(session(), file)
    words = Words(clean_line(request.args.get("q", "")[:_ASKED]))
    return render_template(
        "library/text.html",
        head=texts.head(document, file, said),
        words=" ".join(words.words),
        **(_found if words and "page" not in request.args else _read)(document, file, said, words),
    )


def _file_of(public_id: str) -> tuple[LibraryDocument, LibraryFile]:
    """Return a document and the file of it that the address names, else the first of it."""
    current, actor, now = session(), current_actor(), clock.now()
    document = queries.get(current, actor, public_id, now)
    if wanted := request.args.get("file", ""):
        file = queries.file_of(current, actor, wanted, now)
    else:
        revisions = queries.history(current, actor, document, now)
        revision = page.chosen(document, revisions, "")
        if revision is None or not revision.files:
            raise NotFound()
        file = revision.files[0]
    if file.revision.document_id != document.id:
        raise NotFound()
    if not policy.may_have_files(actor, document, file.revision):
        raise NotFound()
    if file.file.redacted_at is not None:
        raise Gone()
    return document, file


def _read(
    document: LibraryDocument, file: LibraryFile, said: FileText | None, words: Words
) -> dict[str, Any]:
    lengths = queries.lengths(session(), file)
    asked = paging.number_of(request.args.get("page"))
    block = texts.block(lengths, asked)
    pages = queries.text_pages(session(), file, block.numbers)
    cited = citers.passages(session(), current_actor(), file, block.numbers)
    return {
        "block": block,
        "pages": texts.pages(file, said, pages, words, cited),
        "steps": texts.steps(document, file, block, words),
    }


def _found(
    document: LibraryDocument, file: LibraryFile, said: FileText | None, words: Words
) -> dict[str, Any]:
    asked = paging.number_of(request.args.get("hits"))
    hits = texts.hits(queries.each_page(session(), file), words, asked)
    return {"hits": texts.shown(document, file, said, hits, words)}

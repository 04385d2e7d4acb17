"""Show where administration begins, who may do what, and how the site stands."""

from __future__ import annotations

import platform

from flask import Response, request, url_for
from sqlalchemy.orm import Session

from policytrack.administration import forms, presenters, queries, service
from policytrack.administration.views.common import blueprint, done, page
from policytrack.core import clock, machine, migrations
from policytrack.core.db import session
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import ngettext
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires, settings
from policytrack.library.queries import picture_standing
from policytrack.library.reading import recognition


@blueprint.get("/administration")
@requires(Permission.ADMINISTER)
def home() -> Response:
    """Lead to the parts, and say what needs a look."""
    current = session()
    return page(
        "home",
        accounts=queries.counts_by_state(current),
        states=presenters.state_choices(),
        facts=[each for each in _facts() if each.mend],
    )


@blueprint.get("/administration/permissions")
@requires(Permission.ADMINISTER)
def permissions() -> Response:
    """Show who may do what, as the table says that the program asks."""
    return page("permissions", matrix=presenters.matrix())


def _facts() -> list[presenters.Fact]:
    current = session()
    return [
        *presenters.facts(
            outbox=queries.outbox_standing(current, clock.now()),
            index=queries.index_standing(),
            revision=migrations.current() or "",
            outdated=migrations.outdated(),
            free=machine.free_room(),
            worker=machine.worker_runs(),
            machine=platform.node(),
        ),
        presenters.pictures_of_text(
            picture_standing(current),
            wanted=settings().recognition,
            program=recognition.program() is not None,
        ),
        presenters.malware_scanner(settings().scanner, clock.now()),
    ]


@blueprint.get("/administration/health")
@requires(Permission.ADMINISTER)
def health() -> Response:
    """Show what waits, what failed, and how this machine stands."""
    rows = presenters.failed_rows(queries.failed(session()))
    return page(
        "health",
        facts=_facts(),
        failed=[(row, forms.PlainForm(), forms.PlainForm()) for row in rows],
        form=forms.PlainForm(),
    )


@blueprint.post("/administration/health/retry")
@requires(Permission.ADMINISTER)
def retry_all() -> Response:
    """Have all failed work tried again."""
    return _retry(None)


@blueprint.post("/administration/health/<item>/retry")
@requires(Permission.ADMINISTER)
def retry(item: str) -> Response:
    """Have one failed piece of work tried again."""
    return _retry(item)


def _retry(item: str | None) -> Response:
    def act(writing: Session) -> str:
        count = service.retry(writing, actor=current_actor(), item=item, now=clock.now())
        return ngettext(
            "%(count)s piece of work will be tried again.",
            "%(count)s pieces of work will be tried again.",
            count,
            count=count,
        )

    return done(forms.PlainForm(request.form), url_for("administration.health"), act)


@blueprint.post("/administration/health/<item>/drop")
@requires(Permission.ADMINISTER)
def drop(item: str) -> Response:
    """Drop one failed piece of work."""

    def act(writing: Session) -> str:
        service.drop(writing, actor=current_actor(), item=item, now=clock.now())
        return _("The failed work is dropped.")

    return done(forms.PlainForm(request.form), url_for("administration.health"), act)

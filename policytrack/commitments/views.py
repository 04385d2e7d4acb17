"""Answer requests that propose, edit, decide, translate and compare the texts of commitments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    render_template,
    request,
    url_for,
)
from sqlalchemy.orm import Session

from policytrack.commitments import forms, policy, presenters, queries, service
from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.commitments.rules import Plan
from policytrack.core import clock, files
from policytrack.core.db import session
from policytrack.core.errors import InvalidInput, NotFound, StaleVersion
from policytrack.core.files import responses
from policytrack.core.forms import carry_out
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language
from policytrack.core.permissions import Permission, require
from policytrack.core.requests import current_actor, requires, see_other

blueprint = Blueprint("commitments", __name__)


# --- proposing and editing --------------------------------------------------------------------


@blueprint.route("/commitments/propose", methods=["GET", "POST"])
@requires(Permission.COMMITMENT_PROPOSE)
def propose() -> Response:
    """Begin a commitment."""
    actor = current_actor()
    groups = presenters.choice_groups(queries.reference(session()), actor, None)
    first = groups["lead"][0].items[0].code if groups["lead"] else None
    form = forms.TextForm(
        _sent(), groups=groups, with_lead=True, language=language().code, lead=first
    )
    if request.method == "POST" and form.validate():
        command = form.to_command(Plan())

        def act(current: Session) -> str:
            made = service.draft(
                current, actor=actor, lead=form.lead.data, command=command, now=clock.now()
            )
            return _review_url(made)

        if answer := _saved(form, act):
            return answer
    return _edit_page(form, groups, None)


@blueprint.route("/commitments/<address>/edit", methods=["GET", "POST"])
@requires(Permission.COMMITMENT_PROPOSE, of_thing=True)
def edit(address: str) -> Response:
    """Edit the draft, or begin a new text beside the one in force."""
    actor = current_actor()
    commitment = queries.get(session(), actor, address)
    require(actor, Permission.COMMITMENT_PROPOSE, commitment.lead_id)
    present = service.editable(session(), actor, commitment)
    plan = service.plan_for(commitment, present)
    groups = presenters.choice_groups(queries.reference(session()), actor, commitment)
    values = presenters.form_values(present, plan)
    form = forms.TextForm(_sent(), groups=groups, with_lead=False, data=values)
    if request.method == "POST" and form.validate():
        command = form.to_command(plan)

        def act(current: Session) -> str:
            thing = queries.get(current, actor, address)
            service.save(
                current,
                actor=actor,
                commitment=thing,
                base=form.base,
                command=command,
                now=clock.now(),
            )
            return _review_url(thing)

        try:
            if answer := _saved(form, act):
                return answer
        except StaleVersion:
            return _stale_page(form, address)
    return _edit_page(form, groups, commitment)


def _sent() -> Any:
    return request.form if request.method == "POST" else None


def _review_url(commitment: Commitment) -> str:
    return url_for("commitments.compare", address=commitment.address)


def _saved(form: forms.TextForm, act: Callable[[Session], str]) -> Response | None:
    """Save and redirect; None where the form must be shown again with its errors."""
    try:
        location = carry_out(form, act)
    except InvalidInput as error:
        forms.refuse(form, error)
        return None
    flash(_("The draft is saved. Nobody outside sees it before it is accepted."), "success")
    return see_other(location)


def _edit_page(
    form: forms.TextForm,
    groups: Mapping[str, list[presenters.ChoiceGroup]],
    commitment: Commitment | None,
    newer: presenters.Newer | None = None,
) -> Response:
    page = render_template(
        "commitments/edit.html",
        form=form,
        groups=groups,
        commitment=commitment,
        newer=newer,
        draft_key=f"commitment:{commitment.public_id if commitment else 'new'}",
        designations=True,
    )
    return make_response(page, 409 if newer else 422 if form.errors else 200)


def _stale_page(form: forms.TextForm, address: str) -> Response:
    """Show the newer text beside what was typed; sent again, the form is saved onto the newer."""
    actor = current_actor()
    commitment = queries.get(session(), actor, address)
    present = service.editable(session(), actor, commitment)
    newer = presenters.newer(present, form.title.data, form.text.data)
    form.made_from(present, service.plan_for(commitment, present))
    groups = presenters.choice_groups(queries.reference(session()), actor, commitment)
    return _edit_page(form, groups, commitment, newer)


# --- reading and deciding -----------------------------------------------------------------------


@blueprint.get("/commitments/<address>/compare")
@requires(Permission.PUBLISHED_READ)
def compare(address: str) -> Response:
    """Show a text, what changed in it word by word, and what may be done about it."""
    commitment = queries.get(session(), current_actor(), address)
    return _review_page(commitment, forms.ActionForm())


def _review_page(commitment: Commitment, form: forms.ActionForm, code: int = 200) -> Response:
    actor = current_actor()
    texts = queries.revisions(session(), actor, commitment)
    old, new = _chosen(commitment, {text.number: text for text in texts})
    classification = queries.classification(session(), [text.id for text in (old, new) if text])
    steps = presenters.steps(actor, commitment, new.title)
    form.number.data, form.version.data = steps.number or 0, steps.version or 0
    page = render_template(
        "commitments/compare.html",
        commitment=commitment,
        steps=steps,
        form=form,
        text=presenters.text_view(new, texts),
        facts=presenters.facts(commitment, new, classification),
        comparison=presenters.comparison(commitment, old, new, classification),
        revisions=presenters.revision_views(texts),
        shows_open=new is policy.open_text(actor, commitment),
        may_read_letter=policy.may_read_letters(actor, commitment),
        designations=True,
    )
    return make_response(page, code)


def _chosen(
    commitment: Commitment, texts: Mapping[int, CommitmentRevision]
) -> tuple[CommitmentRevision | None, CommitmentRevision]:
    """Return the two texts that the address asks for; raise `NotFound` for hidden ones."""
    usual = max(texts, default=0)
    if commitment.open is not None and commitment.open.number in texts:
        usual = commitment.open.number
    new = texts.get(_number(request.args.get("new"), usual))
    if new is None:
        raise NotFound()
    views = presenters.revision_views([*texts.values()])
    before = next((view.before for view in views if view.number == new.number), None)
    asked = _number(request.args.get("old"), before or 0)
    if asked and asked not in texts:
        raise NotFound()
    return texts.get(asked), new


def _number(value: str | None, usual: int) -> int:
    if not value:
        return usual
    if not (value.isascii() and value.isdecimal() and len(value) < 6):
        raise NotFound()
    return int(value)


_SAID: Mapping[str, Callable[[], str]] = {
    "propose": lambda: _("The text now waits for the lead's focal point."),
    "withdraw": lambda: _("The text is a draft again."),
    "discard": lambda: _("The draft is discarded."),
    "accept": lambda: _("The text is accepted and public."),
    "decline": lambda: _("The text is declined. Its author has been told why."),
    "letter": lambda: _("The letter is filed; the text is accepted and public."),
}


@blueprint.post("/commitments/<address>/<action>")
@requires(Permission.COMMITMENT_PROPOSE, of_thing=True)
def act(address: str, action: str) -> Response:
    """Take a step in the life of the open text."""
    actor = current_actor()
    commitment = queries.get(session(), actor, address)
    if action not in _SAID:
        raise NotFound()
    form = forms.ActionForm(request.form)
    if not form.validate():
        return _review_page(commitment, form, 422)
    try:
        step = _act_of(action, form, commitment)

        def carried(current: Session) -> str:
            thing = queries.get(current, actor, address)
            step(current, actor=actor, commitment=thing, base=form.base, now=clock.now())
            current.flush()
            return _after(current, thing)

        location = carry_out(form, carried)
    except InvalidInput as error:
        forms.refuse(form, error)
        return _review_page(queries.get(session(), actor, address), form, 422)
    flash(_SAID[action](), "success")
    return see_other(location)


def _act_of(action: str, form: forms.ActionForm, commitment: Commitment) -> Callable[..., None]:
    if action == "decline":
        return lambda current, **known: service.decline(
            current, reason=form.reason.data, language=form.language.data, **known
        )
    if action == "letter":
        # Whoever may not file it need not have it examined, which takes a while.
        require(current_actor(), Permission.NOTE_REVIEW, commitment.lead_id)
        letter = _letter()
        return lambda current, **known: service.file_letter(current, letter=letter, **known)
    acts: Mapping[str, Callable[..., None]] = {
        "propose": service.propose,
        "withdraw": service.withdraw,
        "discard": service.discard,
        "accept": service.accept,
    }
    return acts[action]


def _letter() -> files.Accepted:
    sent = request.files.get("letter")
    if sent is None or not sent.filename:
        raise InvalidInput(fields={"letter": _("Choose the file of the signed letter.")})
    try:
        accepted = files.inspect(sent.stream, name=sent.filename)  # type: ignore[arg-type]  # Werkzeug says IO[bytes]
    except InvalidInput as error:
        raise InvalidInput(fields={"letter": error.message}) from None
    files.lay_down(accepted)
    return accepted


def _after(current: Session, commitment: Commitment) -> str:
    """Return where to go on: the commitment's page, while its reader may still see it."""
    if commitment.in_force_id or queries.revisions(current, current_actor(), commitment):
        return url_for("pages.commitment", address=commitment.address)
    return url_for("pages.commitments")


@blueprint.get("/commitments/<address>/letter/<number>")
@requires(Permission.DRAFT_READ, of_thing=True)
def letter(address: str, number: str) -> Response:
    """Send the signed letter on which a text was accepted."""
    actor = current_actor()
    commitment = queries.get(session(), actor, address)
    revision = queries.revision(session(), actor, commitment, _number(number, 0))
    policy.require_letter(actor, commitment)
    if revision.letter is None:
        raise NotFound()
    return responses.send(revision.letter, f"letter-{commitment.address}-{revision.number}")


# --- translating --------------------------------------------------------------------------------


@blueprint.route("/commitments/<address>/translations", methods=["GET", "POST"])
@requires(Permission.COMMITMENT_PROPOSE, of_thing=True)
def translate(address: str) -> Response:
    """Add or replace a translation of a text that is or was in force."""
    actor = current_actor()
    commitment = queries.get(session(), actor, address)
    require(actor, Permission.COMMITMENT_PROPOSE, commitment.lead_id)
    form = _translation_form(commitment)
    if request.method == "GET" or not form.validate():
        return _translation_page(commitment, form)

    def act(current: Session) -> str:
        thing = queries.get(current, actor, address)
        service.translate(
            current,
            actor=actor,
            commitment=thing,
            command=form.to_command(),
            seen=form.seen.data or "",
            now=clock.now(),
        )
        return url_for("commitments.translate", address=thing.address)

    try:
        location = carry_out(form, act)
    except InvalidInput as error:
        forms.refuse(form, error)
        return _translation_page(queries.get(session(), actor, address), form)
    except StaleVersion:
        return _translation_page(queries.get(session(), actor, address), form, stale=True)
    flash(_("The translation is saved."), "success")
    return see_other(location)


def _translation_form(commitment: Commitment) -> forms.TranslationForm:
    actor = current_actor()
    texts = presenters.translatable(queries.revisions(session(), actor, commitment))
    if not texts:
        raise NotFound()
    values = presenters.translation_values(
        texts, request.args.get("revision", ""), request.args.get("language", "")
    )
    return forms.TranslationForm(
        _sent(),
        revisions=presenters.revision_choices(texts),
        official=policy.may_translate_officially(actor, commitment),
        data=values,
    )


def _translation_page(
    commitment: Commitment, form: forms.TranslationForm, *, stale: bool = False
) -> Response:
    texts = presenters.translatable(queries.revisions(session(), current_actor(), commitment))
    chosen = next((text for text in texts if str(text.number) == form.revision.data), texts[0])
    newer = presenters.newer_translation(
        chosen, form.language.data, form.title.data, form.text.data
    )
    if stale:
        form.seen.data = newer.stamp if newer else ""
    page = render_template(
        "commitments/translate.html",
        commitment=commitment,
        form=form,
        original=chosen,
        translations=presenters.translation_rows(texts),
        newer=newer if stale else None,
        draft_key=f"translation:{commitment.public_id}",
    )
    return make_response(page, 409 if stale else 422 if form.errors else 200)

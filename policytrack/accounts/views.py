"""Answer requests about accounts."""

from __future__ import annotations

from flask import (
    Blueprint,
    Flask,
    Response,
    flash,
    make_response,
    render_template,
    request,
    url_for,
)
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from policytrack.accounts import (
    forms,
    held,
    limits,
    passwords,
    queries,
    rules,
    service,
    signing,
)
from policytrack.accounts.held import HeldForm
from policytrack.accounts.models import LinkPurpose, User
from policytrack.core import clock, db, emails, errors
from policytrack.core.db import transaction
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires, see_other

blueprint = Blueprint("accounts", __name__)


def init_app(app: Flask) -> None:
    """Bind sign-in to an application."""
    signing.init_app(app)


def _page(template: str, status: int = 200, **values: object) -> Response:
    response = make_response(render_template(template, **values), status)
    # These pages carry secrets of a link, of an account, or of what somebody wrote.
    response.headers["Cache-Control"] = "no-store"
    return response


def _from() -> str:
    return request.remote_addr or "unknown"


def _sent() -> MultiDict[str, str] | None:
    """Return the form that was sent; None where the page is only asked for."""
    return request.form if request.method == "POST" else None


def _browser() -> str:
    return rules.browser_name(request.headers.get("User-Agent", ""))


# Signing in and out


def ask_to_sign_in() -> Response:
    """Ask a signed-out person to sign in, and keep what they were sending."""
    if request.method in {"GET", "HEAD"}:
        return see_other(url_for("accounts.sign_in", next=held.path_of(request)))
    kept = held.from_request(request)
    return _sign_in_page(forms.SignInForm(), kept, 401)


def _sign_in_page(
    form: forms.SignInForm, kept: HeldForm | None, status: int = 200, wait: int | None = None
) -> Response:
    page = _page(
        "accounts/sign_in.html", status, form=form, held=kept, keep_drafts=kept is not None
    )
    if wait is not None:
        page.headers["Retry-After"] = str(wait)
    return page


@blueprint.route("/sign-in", methods=["GET", "POST"])
@requires(Permission.PUBLISHED_READ)
def sign_in() -> Response:
    """Sign a person in, and lead them to where they were going."""
    if request.method == "GET":
        if current_user.is_authenticated:
            return see_other(rules.local_path(request.args.get("next")) or url_for("pages.home"))
        return _sign_in_page(forms.SignInForm(data={"next": request.args.get("next")}), None)
    form, kept = forms.SignInForm(request.form), held.carried(request)
    if not form.validate():
        return _sign_in_page(form, kept, 422)
    try:
        entered = _try_password(form.email.data, form.password.data)
    except errors.TooManyAttempts as error:
        form.form_errors.append(error.message)
        return _sign_in_page(form, kept, 429, error.retry_after)
    if not entered:
        form.form_errors.append(_("The mail address or the password is not right."))
        return _sign_in_page(form, kept, 422)
    if kept:
        return _page("accounts/held.html", held=kept)
    return see_other(rules.local_path(form.next.data) or url_for("pages.home"))


def _try_password(typed: str, password: str) -> bool:
    """Sign in where the password is right; do the same work whether the address is known or not."""
    now = clock.now()
    email = emails.one_spelling(typed)
    with transaction() as session:
        service.count_sign_in(session, email=email, address=_from(), now=now)
    known = queries.credentials(db.session(), email=email)
    db.session().rollback()
    stored = known.password_hash if known else None
    if not passwords.matches(stored, password) or known is None or stored is None:
        return False
    fresh = passwords.hashed(password) if passwords.outdated(stored) else None
    with transaction() as session:
        service.sign_out(session, token=signing.present_token(), address=_from(), now=now)
        token = service.sign_in(
            session,
            user_id=known.user_id,
            checked_hash=stored,
            new_hash=fresh,
            browser=_browser(),
            address=_from(),
            now=now,
        )
    if token:
        signing.enter(db.session().get_one(User, known.user_id), token)
    return token is not None


@blueprint.post("/sign-out")
@requires(Permission.PUBLISHED_READ)
def sign_out() -> Response:
    """Sign the present browser out."""
    if token := signing.present_token():
        with transaction() as session:
            service.sign_out(session, token=token, address=_from(), now=clock.now())
    signing.leave()
    flash(_("You are signed out."), "success")
    return see_other(url_for("pages.home"))


# Links that came by mail


def _opened(token: str, purpose: LinkPurpose) -> User:
    """Return the person of an open link; count and refuse any other token."""
    link = queries.open_link(db.session(), token, purpose, clock.now())
    if link is not None:
        return link.user
    with transaction() as session:
        subject = limits.network_key(_from())
        limits.spend(session, clock.now(), (rules.LINK_BY_ADDRESS, subject))
    raise errors.NotFound()


def _spent(purpose: LinkPurpose) -> Response:
    return _page("accounts/link_spent.html", 404, purpose=purpose)


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLISHED_READ)
def accept_invitation(token: str) -> Response:
    """Let an invited person choose a name, a language and a password."""
    try:
        user = _opened(token, LinkPurpose.INVITATION)
        form = forms.AcceptForm(_sent(), name=user.name, language=user.language or language().code)
        email = form.owner_email = user.email
        if request.method == "POST" and form.validate():
            _accept(token, form)
            flash(_("Welcome. Your account is ready."), "success")
            return see_other(url_for("pages.home"))
    except errors.NotFound:
        return _spent(LinkPurpose.INVITATION)
    return _page(
        "accounts/accept_invitation.html",
        422 if form.errors else 200,
        form=form,
        email=email,
        token=token,
    )


def _accept(token: str, form: forms.AcceptForm) -> None:
    now, password_hash = clock.now(), passwords.hashed(form.password.data)
    with transaction() as session:
        service.sign_out(session, token=signing.present_token(), address=_from(), now=now)
        user = service.accept_invitation(
            session,
            token=token,
            name=form.name.data,
            language=form.language.data,
            password_hash=password_hash,
            now=now,
        )
        secret = service.open_session(session, user_id=user.id, browser=_browser(), now=now)
        service.note_address(session, user_id=user.id, address=_from(), action="signed_in", now=now)
    signing.enter(user, secret)


@blueprint.route("/reset", methods=["GET", "POST"])
@requires(Permission.PUBLISHED_READ)
def request_reset() -> Response:
    """Take the address of whoever forgot a password; the answer is always the same."""
    form = forms.RequestResetForm(_sent())
    if request.method == "POST" and form.validate():
        now = clock.now()
        with transaction() as session:
            service.count_reset(session, email=form.email.data, address=_from(), now=now)
            service.request_reset(session, email=form.email.data, now=now)
        return see_other(url_for("accounts.reset_requested"))
    return _page("accounts/request_reset.html", 422 if form.errors else 200, form=form)


@blueprint.get("/reset/sent")
@requires(Permission.PUBLISHED_READ)
def reset_requested() -> Response:
    """Say what happens next, whoever asks."""
    return _page("accounts/reset_requested.html")


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLISHED_READ)
def reset(token: str) -> Response:
    """Let the holder of a link choose a new password."""
    try:
        user = _opened(token, LinkPurpose.PASSWORD_RESET)
        form = forms.ResetForm(_sent())
        email = form.owner_email = user.email
        form.owner_name = user.name
        if request.method == "POST" and form.validate():
            password_hash = passwords.hashed(form.password.data)
            with transaction() as session:
                service.reset_password(
                    session, token=token, password_hash=password_hash, now=clock.now()
                )
            flash(_("Your password is changed. Sign in with the new one."), "success")
            return see_other(url_for("accounts.sign_in"))
    except errors.NotFound:
        return _spent(LinkPurpose.PASSWORD_RESET)
    return _page(
        "accounts/reset.html", 422 if form.errors else 200, form=form, email=email, token=token
    )


# One's own account


def _account_page(
    profile: forms.ProfileForm | None = None,
    password: forms.ChangePasswordForm | None = None,
) -> Response:
    session, actor = db.session(), current_actor()
    user = session.get_one(User, actor.user_id)
    chosen = user.language or language().code
    return _page(
        "accounts/account.html",
        422 if profile or password else 200,
        email=user.email,
        profile=profile or forms.ProfileForm(name=user.name, language=chosen),
        password=password or forms.ChangePasswordForm(),
        browsers=queries.browsers(session, user.id, clock.now()),
        present=current_user.browser_id,
    )


@blueprint.route("/account", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_USE)
def account() -> Response:
    """Show one's own account, and change its name and language."""
    if request.method == "GET":
        return _account_page()
    form = forms.ProfileForm(request.form)
    if not form.validate():
        return _account_page(profile=form)
    with transaction() as session:
        service.change_profile(
            session,
            actor=current_actor(),
            name=form.name.data,
            language=form.language.data,
            now=clock.now(),
        )
    return _account_saved(_("Your account is saved."))


def _account_saved(message: str) -> Response:
    flash(message, "success")
    return see_other(url_for("accounts.account"))


@blueprint.post("/account/password")
@requires(Permission.ACCOUNT_USE)
def change_password() -> Response:
    """Change one's own password."""
    form, own = forms.ChangePasswordForm(request.form), _own_credentials()
    form.owner_email, form.owner_name = own.email, own.name
    if not form.validate():
        return _account_page(password=form)
    with transaction() as session:
        limits.spend(session, clock.now(), (rules.PASSWORD_BY_ACCOUNT, own.public_id))
    if not passwords.matches(own.password_hash, form.current.data):
        form.current.errors = [_("This is not your present password.")]
        return _account_page(password=form)
    new_hash, token = passwords.hashed(form.password.data), signing.present_token()
    with transaction() as session:
        service.change_password(
            session,
            actor=current_actor(),
            checked_hash=own.password_hash,
            new_hash=new_hash,
            token=token,
            now=clock.now(),
        )
    return _account_saved(_("Your password is changed. Other browsers are signed out."))


def _own_credentials() -> queries.Credentials:
    own = queries.credentials(db.session(), user_id=current_actor().user_id or 0)
    if own is None:
        raise errors.NotFound()
    return own


@blueprint.post("/account/browsers/<public_id>/sign-out")
@requires(Permission.ACCOUNT_USE)
def revoke_browser(public_id: str) -> Response:
    """Sign one of one's own browsers out."""
    with transaction() as session:
        service.revoke_browser(session, actor=current_actor(), public_id=public_id, now=clock.now())
    return _account_saved(_("That browser is signed out."))


@blueprint.post("/account/browsers/sign-out")
@requires(Permission.ACCOUNT_USE)
def revoke_others() -> Response:
    """Sign all of one's own browsers out but this one."""
    token = signing.present_token()
    with transaction() as session:
        service.revoke_others(session, actor=current_actor(), token=token, now=clock.now())
    return _account_saved(_("All other browsers are signed out."))

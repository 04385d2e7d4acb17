"""Show and change one's own account."""

from __future__ import annotations

from flask import Response, flash, request, url_for
from flask_login import current_user

from policytrack.accounts import forms, limits, passwords, queries, rules, service, signing
from policytrack.accounts.models import User
from policytrack.accounts.views.common import blueprint, page
from policytrack.core import clock, db, errors
from policytrack.core.db import transaction
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires, see_other


def _account_page(
    profile: forms.ProfileForm | None = None,
    password: forms.ChangePasswordForm | None = None,
) -> Response:
    session, actor = db.session(), current_actor()
    user = session.get_one(User, actor.user_id)
    chosen = user.language or language().code
    return page(
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

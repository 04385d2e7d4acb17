"""Wrap every request: its id, its actor, its permission, its headers, and its error pages."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    g,
    make_response,
    render_template,
    request,
    url_for,
)
from flask_compress import Compress
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from policytrack.accounts import views as accounts
from policytrack.constituents import queries as constituents
from policytrack.core import csrf, errors, i18n, locks, options, problems, redaction
from policytrack.core.db import session
from policytrack.core.i18n import lazy_gettext as _l
from policytrack.core.ids import new_id
from policytrack.core.permissions import ANONYMOUS, Actor, Permission
from policytrack.core.requests import current_actor, settings
from policytrack.navigation import account_menu, menu

log = logging.getLogger(__name__)

# Everything a page uses comes from the site itself; nothing inline, no frames, no plug-ins.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,40}")
# Answered without a look at the database: they must work when it is away.
_WITHOUT_ACTOR = frozenset({"static", "operations.healthz", "operations.readyz"})


def init_app(app: Flask) -> None:
    """Add what every request and every page needs."""
    chosen = app.config["POLICYTRACK"]
    if chosen.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as its documentation says
            app.wsgi_app, x_for=chosen.proxies, x_proto=chosen.proxies, x_host=chosen.proxies
        )
    # Brotli at 4 halves what gzip sends of our pages at about the same cost; files keep theirs.
    app.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br"],
        COMPRESS_BR_LEVEL=4,
    )
    Compress(app)
    app.before_request(_begin)
    app.before_request(_identify)
    app.before_request(csrf.protect)
    app.before_request(_permit)
    app.after_request(_finish)
    app.context_processor(_page_words)
    app.jinja_env.filters.update(
        date=i18n.format_date,
        datetime=i18n.format_datetime,
        iso=i18n.iso,
        ago=i18n.ago,
        number=i18n.format_number,
        percent=i18n.format_percent,
        size=i18n.format_size,
        label=i18n.label,
        label_language=i18n.label_language,
        direction=i18n.direction,
        redacted=redaction.shown,
    )
    # Globals of the environment, not of the page: imported macros see no page's words.
    app.jinja_env.globals.update(
        static_url=static_url, csrf_token=csrf.token, disclaimer=i18n.designations
    )
    _handle_errors(app)


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _SAFE_REQUEST_ID.fullmatch(given) else new_id()
    g.actor = ANONYMOUS
    if request.mimetype == "application/x-www-form-urlencoded":
        # Only forms with files may be as large as a file.
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def _identify() -> None:
    if request.endpoint in _WITHOUT_ACTOR:
        return
    current = session()
    current.info["request_id"] = g.request_id
    if current_user.is_authenticated:
        g.actor = constituents.actor_of(current, current_user.user)


def _permit() -> Response | str | tuple[str, int] | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = request_view()
    permission: Permission = view.permission  # type: ignore[attr-defined]  # set by `requires`
    actor = current_actor()
    if actor.may(permission):
        return None
    if not actor.signed_in:
        return accounts.ask_to_sign_in()
    if getattr(view, "permission_of_thing", False):
        return None
    raise errors.NotPermitted()


def request_view() -> Callable[..., Any]:
    """Return the function that answers the present request."""
    return current_app.view_functions[str(request.endpoint)]


def _finish(response: Response) -> Response:
    headers = response.headers
    headers["X-Request-ID"] = g.get("request_id", "-")
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
    headers["X-Frame-Options"] = "DENY"
    if settings().secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint == "static":
        if request.args.get("v"):
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
    headers.setdefault(
        "Cache-Control", "no-store" if current_actor().signed_in else "private, no-cache"
    )
    response.vary.update(("Cookie", "Accept-Language"))
    return response


@lru_cache(maxsize=256)
def _fingerprint(path: Path, _modified: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def static_url(name: str) -> str:
    """Return the address of a static file, with a fingerprint of its content."""
    path = Path(str(current_app.static_folder)) / name
    return url_for("static", filename=name, v=_fingerprint(path, path.stat().st_mtime_ns))


_demonstration: dict[str, Any] = {"until": 0.0, "value": False}


def _holds_demonstration() -> bool:
    # The banner is asked for on every page and hardly ever changes: looked up once a minute.
    if monotonic() > _demonstration["until"] or settings().testing:
        try:
            _demonstration["value"] = constituents.holds_demonstration(session())
            _demonstration["until"] = monotonic() + 60
        except (DBAPIError, PoolTimeout):
            return bool(_demonstration["value"])
    return bool(_demonstration["value"])


def _page_words() -> dict[str, Any]:
    actor: Actor = current_actor()
    return {
        "actor": actor,
        "may": actor.may,
        "Permission": Permission,
        "locale": i18n.language(),
        "languages": list(i18n.LANGUAGES.values()),
        "navigation": menu(actor),
        "account_navigation": account_menu(actor),
        "demo": _holds_demonstration(),
        "site_notice": options.value(options.NOTICE),
        "contact": options.value(options.CONTACT),
        "registration_open": options.value(options.REGISTRATION_OPEN),
        # Flask-WTF hands an unmasked one to each page; ours must come after it.
        "csrf_token": csrf.token,
        "request_id": g.get("request_id", "-"),
    }


# Code -> (heading, what to do next). Spoken when the page is made, in the reader's language.
_ADVICE: dict[int, tuple[Any, Any]] = {
    400: (
        _l("This request could not be understood"),
        _l("Go back, reload the page and try again. Nothing was changed."),
    ),
    403: (
        _l("You may not do this"),
        _l(
            "Your role does not include this step. If it should, ask the focal point of your"
            " organisation, or the secretariat."
        ),
    ),
    404: (
        _l("There is no such page"),
        _l("The address may be mistyped, or the page may be open only to some people."),
    ),
    405: (
        _l("This address cannot be used that way"),
        _l("Go back and use the buttons of the page."),
    ),
    409: (
        _l("Something changed in the meantime"),
        _l("Look at the present state first, then decide again. Nothing was overwritten."),
    ),
    410: (
        _l("This is no longer here"),
        _l("It was taken away for good. The page of what it belonged to says when."),
    ),
    413: (
        _l("This is too large"),
        _l("Send a smaller file, or a link to it. Nothing was stored."),
    ),
    422: (
        _l("This cannot be done as it stands"),
        _l("Read the sentence above, go back and change what it names."),
    ),
    429: (
        _l("Too many attempts"),
        _l("Wait a little before you try again."),
    ),
    500: (
        _l("Something went wrong on our side"),
        _l(
            "It has been noted. Try again; if it stays like this, tell the secretariat the number"
            " below."
        ),
    ),
    503: (
        _l("The site cannot reach its data at the moment"),
        _l("Nothing you sent was stored halfway. Please try again in a few minutes."),
    ),
}
_NEVER_SHOWN_BACK = ("csrf", "password", "token", "form_key", "version", "number")


def typed_fields() -> list[tuple[str, str]]:
    """Return what a person typed into the form that just failed, so that it is not lost."""
    if request.method != "POST":
        return []
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if (len(value.strip()) > 2 or any(sign.isdecimal() for sign in value))
        and not any(word in name for word in _NEVER_SHOWN_BACK)
    ]


def error_page(code: int, message: object = "", *, retry_after: int | None = None) -> Response:
    """Return the page for an error; it needs no database."""
    if isinstance(request.routing_exception, SecurityError):
        # Under a host name that is not ours no page with links can be made.
        return Response(i18n.gettext("This host name is not served here."), 400)
    heading, advice = _ADVICE.get(code, _ADVICE[400 if code < 500 else 500])
    if problems.concerns(request.path):
        refused = problems.answer(code, str(message or heading), retry_after=retry_after)
        return refused if current_actor().signed_in else problems.open_to_all(refused)
    try:
        typed = typed_fields()
    except HTTPException:  # the form itself was too large to read
        typed = []
    body = render_template(
        "error.html",
        code=code,
        heading=heading,
        message=str(message or ""),
        advice=advice,
        typed=typed,
    )
    response = make_response(body, code)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _forget_session() -> None:
    try:
        session().rollback()
    except DBAPIError:
        session().invalidate()


def _data_away(error: Exception) -> Response:
    _forget_session()
    log.error("database: %s", type(error).__name__, exc_info=error)
    text = str(error).lower()
    if "disk is full" in text or "no space" in text:
        return error_page(
            503, i18n.gettext("The disk is full, so nothing can be saved. The operator must act.")
        )
    return error_page(503)


def _handle_errors(app: Flask) -> None:
    for kind, code in (
        (errors.NotPermitted, 403),
        (errors.NotFound, 404),
        (errors.StaleVersion, 409),
        (errors.RuleViolation, 422),
        (errors.InvalidInput, 422),
    ):
        app.register_error_handler(kind, _domain_handler(code))

    @app.errorhandler(errors.TooManyAttempts)
    def _too_many(error: errors.TooManyAttempts) -> Response:
        return error_page(429, error.message, retry_after=error.retry_after)

    @app.errorhandler(CSRFError)
    def _forged(_error: CSRFError) -> Response:
        return error_page(
            400,
            i18n.gettext(
                "This form was opened under another sign-in, or your browser keeps no cookies."
                " Nothing was stored; what you typed is below."
            ),
        )

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        if error.code is None or error.code < 400:
            return make_response(error.get_response())
        answer = error_page(error.code)
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            answer.allow.update(error.valid_methods)
        return answer

    @app.errorhandler(DataError)
    def _unstorable(error: DataError) -> Response:
        # The database is there; it was asked for, or given, what no column can hold.
        _forget_session()
        log.warning("a value that no column holds: %s", error.orig)
        return error_page(400)

    @app.errorhandler(IntegrityError)
    def _overtaken(error: IntegrityError) -> Response:
        # Two did the same at the same moment; the constraint stopped the second.
        _forget_session()
        log.error("a constraint stopped a write: %s", error.orig)
        return error_page(409)

    @app.errorhandler(DBAPIError)
    def _database(error: DBAPIError) -> Response:
        return _data_away(error)

    @app.errorhandler(PoolTimeout)
    def _pool(error: PoolTimeout) -> Response:
        return _data_away(error)

    @app.errorhandler(locks.LockTimeout)
    def _queue(error: locks.LockTimeout) -> Response:
        return _data_away(error)

    @app.errorhandler(OSError)
    def _disk(error: OSError) -> Response:
        return _data_away(error)

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> Response:
        _forget_session()
        log.exception("unexpected: %s", type(error).__name__)
        if app.testing:
            raise error
        return error_page(500)


def _domain_handler(code: int) -> Callable[[errors.DomainError], Response]:
    def handle(error: errors.DomainError) -> Response:
        return error_page(code, error.message)

    return handle

"""Put a letter into words: in its reader's language, with addresses that only settings decide."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale

from policytrack.core import emails
from policytrack.core.forms import clean_line
from policytrack.core.i18n import DEFAULT, LANGUAGES
from policytrack.core.requests import settings
from policytrack.notifications.queries import Letter

_MAX_SUBJECT = 200


def address_of(endpoint: str, **values: object) -> str:
    """Return the full address of a page, under the site's external address."""
    site = urlsplit(settings().external_url)
    adapter = current_app.url_map.bind(
        site.netloc, script_name=site.path or "/", url_scheme=site.scheme
    )
    return adapter.build(endpoint, values, force_external=True)


def address_at(path: str) -> str:
    """Return the full address of a path of this site."""
    return settings().external_url.rstrip("/") + path


def isolated(text: object) -> str:
    """Return words of any direction, kept apart from the sentence around them."""
    return f"\u2068{clean_line(str(text))}\u2069"


def message_id(key: str) -> str:
    """Return the Message-ID of an outbox key: the same at every attempt."""
    host = urlsplit(settings().external_url).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


def _words(letter: Letter, language: str) -> tuple[str, str]:
    template = current_app.jinja_env.get_template(f"mail/{letter.template}.txt")
    with force_locale(language):
        text = template.render(
            **letter.values,
            address_of=address_of,
            address_at=address_at,
            isolated=isolated,
            site=settings().external_url,
        )
    subject, _line, body = text.strip().partition("\n")
    subject = clean_line(subject)
    if len(subject) > _MAX_SUBJECT:
        subject = subject[:_MAX_SUBJECT].rsplit(" ", 1)[0] + " …"
    return subject, body.strip() + "\n"


def message(letter: Letter, key: str) -> EmailMessage:
    """Return the mail; raise `ValueError` for a recipient that is no address."""
    language = letter.language if letter.language in LANGUAGES else DEFAULT
    subject, body = _words(letter, language)
    made = EmailMessage()
    made["From"] = settings().mail_from
    made["To"] = emails.for_delivery(letter.to)
    made["Subject"] = subject
    made["Date"] = formatdate(usegmt=True)
    made["Message-ID"] = message_id(key)
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(body)
    made["Content-Language"] = language
    return made

"""Let every content from outside pass the malware scanner, where the settings name one."""

from __future__ import annotations

import hashlib
import logging

from flask import has_request_context

from policytrack.core import audit, clock, db, errors
from policytrack.core.files import scanner
from policytrack.core.files.scanner import Content, NoAnswer, Verdict
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.requests import current_actor, settings

log = logging.getLogger(__name__)

_NAMED = 12


def check(content: Content) -> None:
    """Have a content scanned; raise `errors.InvalidInput` for one that is not known to be clean.

    Call it outside any transaction. What the scanner found is told to administrators only.
    """
    address = settings().scanner
    if not address:
        return
    try:
        answer = scanner.scan(address, content)
    except NoAnswer as problem:
        log.error("the malware scanner gives no answer, so no file is accepted: %s", problem)
        raise errors.InvalidInput(
            _(
                "Files cannot be checked for malware right now, and none is accepted unchecked."
                " Please try again later."
            )
        ) from None
    if answer.verdict is Verdict.TOO_LARGE:
        log.warning("a file of %d bytes is beyond the malware scanner's limits", len(content))
        raise errors.InvalidInput(
            _(
                "This file is too large or too deeply packed to be checked for malware. Send a"
                " smaller one, or a link to it."
            )
        )
    if answer.verdict is Verdict.FOUND:
        _record(content, answer.signature)
        raise errors.InvalidInput(
            _(
                "The malware scanner has refused this file. If you are sure that it is harmless,"
                " make it anew from its source, or write to the secretariat."
            )
        )


def _record(content: Content, signature: str) -> None:
    digest = hashlib.sha256(content).hexdigest()
    log.warning(
        "the malware scanner refused a file: %s, %d bytes, SHA-256 %s",
        signature,
        len(content),
        digest,
    )
    if not has_request_context():
        return  # a command's report and log say it
    with db.transaction() as session:
        audit.record(
            session,
            actor=current_actor(),
            action="file.refuse",
            kind="file",
            public_id=digest[:_NAMED],
            now=clock.now(),
            details={"signature": signature, "sha256": digest, "bytes": len(content)},
        )

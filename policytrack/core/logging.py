"""Log one line per event, each with its request's id; never a secret, a text or an address."""

from __future__ import annotations

import logging

from flask import g, has_request_context

FORMAT = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"


class _RequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Add the present request's id to a record."""
        record.request_id = g.get("request_id", "-") if has_request_context() else "-"
        return True


def configure(level: int = logging.INFO) -> None:
    """Send the program's log to standard error."""
    handler = logging.StreamHandler()
    handler.addFilter(_RequestId())
    handler.setFormatter(logging.Formatter(FORMAT))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # It speaks at every look at the revision.
    logging.getLogger("alembic").setLevel(logging.WARNING)

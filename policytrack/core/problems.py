"""Refuse requests of programs in their own form: problem details (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from flask import Response, g

MEDIA_TYPE = "application/problem+json"
_ROOT = "/api"


def concerns(path: str) -> bool:
    """Tell whether what is asked for at a path is asked by a program."""
    return path == _ROOT or path.startswith(f"{_ROOT}/")


def open_to_all(response: Response) -> Response:
    """Let pages of any site read an answer; their browsers then send no sign-in with the request.

    Never on an answer to somebody who is signed in.
    """
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After, X-Request-ID"
    return response


def answer(
    status: int,
    detail: str,
    *,
    kind: str = "about:blank",
    faults: Mapping[str, str] | None = None,
    retry_after: int | None = None,
) -> Response:
    """Return a problem as JSON; `faults` are sentences by the parameter that each is about."""
    said: dict[str, object] = {
        "type": kind,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "request_id": g.get("request_id", "-"),
    }
    if faults:
        said["errors"] = [{"parameter": name, "detail": text} for name, text in faults.items()]
    response = Response(
        json.dumps(said, ensure_ascii=False) + "\n", status=status, content_type=MEDIA_TYPE
    )
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response

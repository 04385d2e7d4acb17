"""Serve the site with waitress: a production server, never Flask's debugging one."""

from __future__ import annotations

import errno
import gc
import logging
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Any

from flask import Flask
from waitress import create_server

from policytrack.operations.duties import Duty, attend_all
from policytrack.search import warming
from policytrack.settings import Settings

log = logging.getLogger(__name__)

# Beyond this the server itself hangs up; below it the site answers with its own page (413).
_BODY_FACTOR = 4
_BACKLOG = 1024
# How often a process looks whether the index has changed.
LOOK_SECONDS = 0.3
# Objects that come before the next look for garbage.
_ALLOCATED = 50_000


class ServeError(Exception):
    """Say in one line why the site cannot be served."""


def bind(app: Flask, *, host: str, port: int, threads: int) -> Any:
    """Return a server that listens already; raise `ServeError` where it may not."""
    chosen: Settings = app.config["POLICYTRACK"]
    try:
        listening = socket.create_server(
            (host, port),
            family=socket.AF_INET6 if ":" in host else socket.AF_INET,
            backlog=_BACKLOG,
        )
    except OSError as error:
        raise ServeError(_why(error, host, port)) from None
    except (OverflowError, ValueError):
        raise ServeError(f"{host}:{port} is not an address to listen at") from None
    return create_server(
        app,
        sockets=[listening],
        threads=threads,
        ident="PolicyTrack",
        asyncore_use_poll=True,
        # The site believes as many proxies as the settings name (ProxyFix); where there is none,
        # what pretends to come from one is dropped here.
        clear_untrusted_proxy_headers=not chosen.proxies,
        max_request_body_size=_BODY_FACTOR * int(app.config["MAX_CONTENT_LENGTH"]),
    )


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} is taken by another program; stop it, or choose another port:"
            f" `--port {port + 1}` (`make run PORT={port + 1}`)"
        )
    if error.errno == errno.EACCES:
        return f"port {port} may not be used by this user; choose one above 1024"
    return f"cannot listen at {host}:{port}: {error.strerror or error}"


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def settle() -> None:
    """Leave what is loaded by now to itself, and look for garbage less often.

    Cycles of objects are few, and a look through all of them stops whoever is being answered.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALLOCATED, 20, 20)


def _look_ahead(app: Flask, stop: threading.Event) -> None:
    with app.app_context():
        duties = [Duty("reading ahead", partial(warming.look, app), LOOK_SECONDS)]
        attend_all(duties, stop)


@contextmanager
def looking_ahead(app: Flask) -> Iterator[None]:
    """Have search ready for whoever asks next, again and again, in a thread of its own."""
    stop = threading.Event()
    ahead = threading.Thread(target=_look_ahead, args=(app, stop), name="reading ahead")
    try:
        ahead.start()
        yield
    finally:
        stop.set()
        if ahead.is_alive():
            ahead.join()


def serve(app: Flask, server: Any) -> None:
    """Serve until SIGTERM or Ctrl-C; requests that have begun are answered."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    log.info("serving at http://%s:%s", server.effective_host, server.effective_port)
    settle()
    with looking_ahead(app):
        try:
            server.run()
        finally:
            server.close()

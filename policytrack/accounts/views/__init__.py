"""Answer requests about accounts."""

from flask import Flask

from policytrack.accounts import signing
from policytrack.accounts.views import entering, links, own, registering
from policytrack.accounts.views.common import blueprint
from policytrack.accounts.views.entering import ask_to_sign_in

__all__ = ["ask_to_sign_in", "blueprint", "entering", "init_app", "links", "own", "registering"]


def init_app(app: Flask) -> None:
    """Bind sign-in to an application."""
    signing.init_app(app)

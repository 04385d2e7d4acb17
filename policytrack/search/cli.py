"""Rebuild, verify and query the search index from the command line."""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from flask import current_app, url_for
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import Progress

from policytrack.constituents.queries import actor_of
from policytrack.core.db import session
from policytrack.core.documents import Result
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language, ngettext
from policytrack.core.permissions import ANONYMOUS, Actor
from policytrack.search import engine, queries
from policytrack.search.engine import Found, Wanted
from policytrack.search.follower import Follower
from policytrack.search.generations import Busy, Unusable

commands = AppGroup("search", help="Rebuild, verify and query the search index.")

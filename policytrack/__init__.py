"""PolicyTrack: the follow-up to the ILO's Bali Declaration, told by those who promised it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask

from policytrack import cli, settings, web
from policytrack.accounts import views as accounts_views
from policytrack.administration import views as administration_views
from policytrack.commitments import searchable as searchable_commitments
from policytrack.commitments import views as commitments_views
from policytrack.commitments.contributing import citing as citing_contributions
from policytrack.commitments.contributing import views as contributions_views
from policytrack.constituents import searchable as searchable_constituents
from policytrack.constituents import views as constituents_views
from policytrack.core import csrf, db, i18n
from policytrack.dialogues import citing as citing_dialogues
from policytrack.dialogues import searchable as searchable_dialogues
from policytrack.dialogues import views as dialogues_views
from policytrack.frameworks import searchable as searchable_frameworks
from policytrack.library import citers as library_citers
from policytrack.library import later as library_later
from policytrack.library import searchable as searchable_library
from policytrack.library import views as library_views
from policytrack.notifications import mail
from policytrack.operations import views as operations_views
from policytrack.pages import views as pages_views
from policytrack.places import searchable as searchable_places
from policytrack.programmes import citing as citing_programmes
from policytrack.programmes import searchable as searchable_programmes
from policytrack.programmes import views as programmes_views
from policytrack.progress import citing as citing_notes
from policytrack.progress import searchable as searchable_notes
from policytrack.progress import views as progress_views
from policytrack.redaction import erasing
from policytrack.redaction import views as redaction_views
from policytrack.reference import views as reference_views
from policytrack.reporting import views as reporting_views
from policytrack.search import views as search_views
from policytrack.search.api import views as api_views
from policytrack.search.handover import views as handover_views
from policytrack.search.index import follower
from policytrack.search.saving import alerts as search_alerts
from policytrack.search.saving import views as saving_views
from policytrack.settings import Settings

_HERE = Path(__file__).parent


def _room(name: str) -> str:
    # In a wheel the folder lies inside the package, in a checkout beside it.
    inside = _HERE / name
    return str(inside if inside.is_dir() else _HERE.parent / name)


def create_app(chosen: Settings | None = None) -> Flask:
    """Compose the application; raise `settings.SettingsError` where a setting is wrong."""
    chosen = chosen or settings.load()
    chosen.instance.mkdir(parents=True, exist_ok=True)
    app = Flask(
        __name__,
        instance_path=str(chosen.instance),
        template_folder=_room("templates"),
        static_folder=_room("static"),
    )
    app.config.from_mapping(
        POLICYTRACK=chosen,
        SECRET_KEY=settings.secret_key(chosen),
        SQLALCHEMY_DATABASE_URI=chosen.database,
        MAX_CONTENT_LENGTH=(chosen.max_upload_megabytes + 1) * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        TRUSTED_HOSTS=list(chosen.hosts),
        SESSION_COOKIE_NAME="policytrack",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=chosen.secure,
        PERMANENT_SESSION_LIFETIME=timedelta(days=chosen.session_days),
        TESTING=chosen.testing,
    )
    db.init_app(app)
    i18n.init_app(app)
    csrf.init_app(app)
    accounts_views.init_app(app)
    for views in (
        accounts_views,
        constituents_views,
        commitments_views,
        progress_views,
        library_views,
        programmes_views,
        contributions_views,
        dialogues_views,
        redaction_views,
        search_views,
        api_views,
        handover_views,
        saving_views,
        reporting_views,
        reference_views,
        pages_views,
        administration_views,
        operations_views,
    ):
        app.register_blueprint(views.blueprint)
    mail.init_app(app)
    library_later.init_app(app)
    library_citers.init_app(
        app,
        (
            citing_notes.source,
            citing_contributions.source,
            citing_programmes.source,
            citing_dialogues.source,
        ),
    )
    erasing.init_app(app)
    search_alerts.init_app(app)
    follower.init_app(
        app,
        (
            searchable_commitments.source,
            searchable_notes.source,
            searchable_library.source,
            *searchable_places.sources,
            searchable_constituents.source,
            *searchable_frameworks.sources,
            searchable_programmes.source,
            searchable_dialogues.source,
        ),
    )
    web.init_app(app)
    cli.init_app(app)
    return app

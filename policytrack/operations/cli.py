"""Offer the operator's commands."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import click
from alembic.util import CommandError
from flask import Flask, current_app
from flask.cli import ScriptInfo, with_appcontext

from policytrack import settings as settings_module
from policytrack.constituents.queries import holds_demonstration
from policytrack.core import clock, locks, logging, migrations, outbox
from policytrack.core.db import session, transaction
from policytrack.core.machine import worker_lock
from policytrack.core.requests import settings
from policytrack.core.terminal import bar
from policytrack.demonstration import service as demonstration
from policytrack.operations import (
    archive,
    backup,
    doctor,
    manual,
    pages_of_docs,
    restore,
    server,
    setup,
    worker,
)
from policytrack.operations.archive import BackupError
from policytrack.operations.findings import Level
from policytrack.operations.keeper import TAKEN, Keeper
from policytrack.operations.server import ServeError
from policytrack.operations.setup import Invited, SetupError
from policytrack.reference.service import KINDS, conflicts
from policytrack.search.index.follower import Follower
from policytrack.settings import PREFIX, Settings

_INVITED = {
    Invited.NEW: "{email} is invited as administrator. Open this link once, within {days} days:",
    Invited.AGAIN: "{email} was invited before and has not come. A new link, for {days} days:",
    Invited.PRESENT: "{email} is an administrator already; nothing was changed.",
    Invited.PROMOTED: "{email} had an account already and is now an administrator.",
}


def _app() -> Flask:
    return click.get_current_context().ensure_object(ScriptInfo).load_app()


# Preparing


@click.command()
@click.option("--admin", metavar="EMAIL", help="Invite the first administrator.")
@with_appcontext
def init(admin: str | None) -> None:
    """Prepare this installation: folder, secret key, tables, reference data.

    Whatever is there already stays as it is.
    """
    try:
        _prepare()
        click.echo(f"Ready in {settings().instance}.")
        if admin:
            _invite(admin)
    except SetupError as error:
        raise click.ClickException(str(error)) from None


def _prepare() -> None:
    with bar("Preparing", 1 + len(KINDS)) as shown:
        report = setup.prepare(shown.step)
    for line in conflicts(report):
        click.echo(f"Reference data edited here stays: {line}")


def _invite(address: str) -> None:
    invited = setup.administrator(address)
    line = _INVITED[invited.outcome]
    click.echo(line.format(email=invited.email, days=settings().invitation_days))
    if invited.link:
        click.echo(invited.link)


@click.group()
def db() -> None:
    """Move the tables from one version to the next."""


@db.command()
@with_appcontext
def upgrade() -> None:
    """Bring the tables up to this version."""
    try:
        changed = setup.migrate()
    except SetupError as error:
        raise click.ClickException(str(error)) from None
    word = "upgraded to" if changed else "already of"
    click.echo(f"The tables are {word} revision {migrations.current()}.")


@db.command()
@with_appcontext
def current() -> None:
    """Say of which revision the tables are."""
    click.echo(migrations.current() or "none")


@db.command()
@with_appcontext
def check() -> None:
    """Say whether the tables are those of this version; exit code 1 where not."""
    present, newest = migrations.current(), migrations.newest()
    click.echo(f"The tables are of revision {present or 'none'}, this version has {newest}.")
    if present != newest:
        sys.exit(1)


@db.command()
@click.argument("says")
@with_appcontext
def revision(says: str) -> None:
    """Begin a migration that SAYS what it does (in a checkout)."""
    try:
        click.echo(setup.new_revision(says))
    except CommandError as error:
        raise click.ClickException(str(error)) from None


# Running


_threads = click.option(
    "--threads", default=8, show_default=True, type=click.IntRange(1, 64), help="Requests at once."
)
_host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
_port = click.option(
    "--port", default=5000, show_default=True, type=click.IntRange(0, 65535), help="Port."
)


@click.command()
@_host
@_port
@_threads
@with_appcontext
def serve(host: str, port: int, threads: int) -> None:
    """Serve the site (behind a TLS proxy, see docs/operations.md)."""
    logging.configure()
    try:
        app = _app()
        listening = server.bind(app, host=host, port=port, threads=threads)
    except ServeError as error:
        raise click.ClickException(str(error)) from None
    server.serve(app, listening)


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@click.option("--parent", type=int, hidden=True, help="End when this process has ended.")
@with_appcontext
def work(*, once: bool, parent: int | None) -> None:
    """Send mail, bring search up to date, remove what has expired."""
    logging.configure()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with locks.sole(worker_lock()) as alone:
        if not alone:
            click.echo("Another worker runs on this machine; it is enough.", err=True)
            sys.exit(TAKEN)
        if once:
            sys.exit(0 if worker.once() else 1)
        worker.forever(stop, alive=lambda: parent is None or os.getppid() == parent)


@click.command()
@_host
@_port
@_threads
@click.option("--demo/--no-demo", default=True, show_default=True, help="Load what is invented.")
def run(*, host: str, port: int, threads: int, demo: bool) -> None:
    """Prepare what is missing, then serve with a worker beside: for one machine."""
    logging.configure()
    _answer_to(host, port)
    app = _app()
    with app.app_context():
        try:
            listening = server.bind(app, host=host, port=port, threads=threads)
            _prepare()
        except (ServeError, SetupError) as error:
            raise click.ClickException(str(error)) from None
        _demonstrate(demo)
        _index()
        signs_in = holds_demonstration(session())
        session().rollback()
    _greet(app, signs_in)
    keeper = Keeper("worker", "--parent", str(os.getpid()))
    keeper.start()
    try:
        server.serve(app, listening)
    finally:
        keeper.stop()


def _answer_to(host: str, port: int) -> None:
    # Links name the address at which this command serves, unless a setting names another.
    default = next(item.default for item in fields(Settings) if item.name == "external_url")
    try:
        chosen = settings_module.load().external_url
    except settings_module.SettingsError:
        return  # told when the application is made
    if chosen == default:
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared only
        os.environ[f"{PREFIX}EXTERNAL_URL"] = f"http://{shown}:{port}"


def _demonstrate(wanted: bool) -> None:
    if not wanted or not demonstration.may_load(session()):
        return
    with bar("Demonstration") as shown, transaction() as writing:
        demonstration.load(
            writing,
            now=clock.now(),
            progress=lambda name, done, total: shown.reach(done, total, name),
        )


def _index() -> None:
    follower = Follower(current_app)
    if follower.lag() is None:
        with bar("Search index") as shown:
            follower.rebuild(shown.reach)


def _greet(app: Flask, signs_in: bool) -> None:
    chosen: Settings = app.config["POLICYTRACK"]
    click.echo(f"\n  PolicyTrack is at {chosen.external_url}   (Ctrl-C ends it)\n")
    if signs_in:
        click.echo("  Demonstration sign-ins (everything under them is invented):")
        for entry in demonstration.SIGN_INS:
            click.echo(f"    {entry}")
        click.echo("")


# Looking after


@click.command("doctor")
@click.option("--mail", is_flag=True, help="Try the mail server too.")
@click.option("--quiet", is_flag=True, help="Show only what is wrong.")
def examine(*, mail: bool, quiet: bool) -> None:
    """Look what is wrong with this installation, and say how to mend it.

    Exit code 1 where anything must be mended.
    """
    try:
        app = _app()
    except click.ClickException as error:
        findings = [doctor.unusable(error.format_message())]
    else:
        with app.app_context():
            findings = list(doctor.examine(try_mail=mail))
    for finding in findings:
        if not quiet or finding.level is not Level.FINE:
            click.echo(str(finding))
    if any(finding.level is Level.ERROR for finding in findings):
        sys.exit(1)


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--with-secret", is_flag=True, help="Include the key that signs cookies.")
@click.option("--verify", is_flag=True, help="Check the backup TARGET instead of writing it.")
def save(target: Path, *, with_secret: bool, verify: bool) -> None:
    """Save database and files to TARGET (.tar or .tar.gz), while the site serves."""
    try:
        if verify:
            click.echo(_told(archive.verify(target)))
            return
        if not target.name.endswith((".tar", ".tar.gz", ".tgz")):
            raise click.UsageError("the name of a backup ends with .tar, .tar.gz or .tgz")
        with _app().app_context(), bar("Saving") as shown:
            written = backup.write(
                target.absolute(), settings=settings(), with_secret=with_secret, tell=shown.step
            )
    except BackupError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{target}: {written.rows} rows of {written.tables} tables, {written.files} files.")
    if written.damaged:
        raise click.ClickException(
            f"{len(written.damaged)} files are missing or damaged here and are not in the backup;"
            " `policytrack doctor` names them"
        )


def _told(manifest: archive.Manifest) -> str:
    rows = sum(manifest.tables.values())
    return (
        f"Whole and unchanged: {rows} rows of {len(manifest.tables)} tables,"
        f" {len(manifest.files)} files, made {manifest.created_at} by version {manifest.program}"
        f" on {manifest.database}, revision {manifest.revision}."
    )


@click.command("restore")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace what this installation holds.")
@with_appcontext
def bring_back(source: Path, *, force: bool) -> None:
    """Restore SOURCE: the whole of it, or nothing. Stop the services first."""
    try:
        with bar("Restoring") as shown:
            restored = restore.read(source, settings=settings(), force=force, tell=shown.step)
    except BackupError as error:
        raise click.ClickException(str(error)) from None
    rows = sum(restored.manifest.tables.values())
    click.echo(f"Restored: {rows} rows, {len(restored.manifest.files)} files.")
    if restored.secret:
        click.echo("The key that signs cookies came with it: restart the services.")


@click.group("outbox")
def outbox_group() -> None:
    """Look after work that waits for the worker."""


@outbox_group.command()
@with_appcontext
def retry() -> None:
    """Try again what was given up."""
    with transaction() as current_session:
        count = outbox.retry(current_session, now=clock.now())
    click.echo(f"{count} will be tried again.")


@click.command("settings")
@click.option("--markdown", is_flag=True, help="Print docs/settings.md.")
def show_settings(*, markdown: bool) -> None:
    """Show the settings in force, without their secrets."""
    if markdown:
        click.echo(manual.settings_page(), nl=False)
        return
    for line in manual.in_force(_app().config["POLICYTRACK"]):
        click.echo(line)


@click.command("docs", hidden=True)
@click.argument("root", type=click.Path(path_type=Path, exists=True))
@with_appcontext
def write_docs(root: Path) -> None:
    """Write the parts of the documentation that the program knows, into a checkout."""
    pages_of_docs.write(root)


COMMANDS: Sequence[click.Command] = (
    write_docs,
    init,
    run,
    serve,
    work,
    db,
    examine,
    save,
    bring_back,
    outbox_group,
    show_settings,
)

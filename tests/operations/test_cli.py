"""The operator's commands: what they do, do not do twice, and say when they cannot."""

from __future__ import annotations

import re
import socket
import stat
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from policytrack.accounts.models import AccountState, OneTimeLink, User
from policytrack.core import changes
from policytrack.core.db import db, transaction
from policytrack.operations import manual
from policytrack.places.models import Country
from tests.operations.processes import ROOT, command, environment, here
from tests.operations.test_backup import contents


def test_init_makes_an_installation_and_does_nothing_twice(tmp_path: Path) -> None:
    environ = environment(instance=tmp_path / "new" / "instance")
    first = here(environ, "init")
    assert (first.returncode, first.stderr) == (0, "")
    key = tmp_path / "new" / "instance" / "secret_key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_text(), snapshot(tmp_path / "new" / "instance")
    second = here(environ, "init")
    assert second.returncode == 0
    assert (key.read_text(), snapshot(tmp_path / "new" / "instance")) == before


def snapshot(instance: Path) -> object:
    from policytrack import create_app
    from policytrack.settings import load

    with create_app(load({}, instance=instance, testing=True)).app_context():
        found = contents(), changes.epoch(db.session())
        assert db.session.scalar(select(func.count()).select_from(Country))
        db.session.remove()
        db.engine.dispose()
        return found


def test_the_administrator_is_invited_once(app: Flask) -> None:
    environ = environment(app, external_url="https://track.example.org/")
    first = here(environ, "init", "--admin", "Admin@Example.org")
    assert first.returncode == 0, first.stderr
    link = re.search(r"https://track\.example\.org(/invitation/\S+)", first.stdout)
    assert link, first.stdout
    again = here(environ, "init", "--admin", "admin@example.org")
    assert "was invited before" in again.stdout
    with app.app_context(), transaction() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 1
        unused = select(func.count()).where(OneTimeLink.used_at.is_(None))
        assert session.scalar(unused) == 1
        session.execute(update(User).values(state=AccountState.ACTIVE))
    with app.app_context():
        before = contents()
    third = here(environ, "init", "--admin", "admin@example.org")
    assert "is an administrator already; nothing was changed" in third.stdout
    assert "/invitation/" not in third.stdout
    with app.app_context():
        assert contents() == before


def test_an_invitation_goes_to_mail_addresses_only(app: Flask) -> None:
    refused = here(environment(app), "init", "--admin", "nobody")
    assert (refused.returncode, refused.stderr) == (1, "Error: 'nobody' is not a mail address\n")


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"proxies": "-1"}, "proxies must be a whole number, not '-1'"),
        ({"database_url": "mysql://x"}, "database_url must be sqlite or postgresql, not mysql"),
        ({"mail_url": "smtp:"}, "mail_url must name a host, such as smtp://mail.example.org:587"),
        ({"secret_key": "short"}, "secret_key must have at least 32 characters"),
    ],
)
def test_a_wrong_setting_is_one_line(tmp_path: Path, settings: dict[str, str], line: str) -> None:
    refused = here(environment(instance=tmp_path, **settings), "init")
    assert (refused.returncode, refused.stderr) == (2, f"Error: settings: {line}\n")


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize("what", ["serve", "worker", "run"])
def test_nothing_starts_with_a_wrong_setting(tmp_path: Path, what: str) -> None:
    refused = command(environment(instance=tmp_path, proxies="-1"), what)
    line = "Error: settings: proxies must be a whole number, not '-1'\n"
    assert (refused.returncode, refused.stdout, refused.stderr) == (2, "", line)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("once")
def test_an_unusable_instance_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    environ = environment(instance=tmp_path / "file" / "instance")
    for what in ("init", "worker"):
        refused = command(environ, what)
        assert refused.returncode == 2
        assert re.fullmatch(
            r"Error: settings: the instance folder cannot be used: .+\n", refused.stderr
        )


@pytest.mark.usefixtures("once")
def test_a_database_that_is_away_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    environ = environment(
        instance=tmp_path, database_url=f"postgresql+psycopg://nobody@127.0.0.1:{port}/nothing"
    )
    for what in ("init", "run"):
        refused = command(environ, what, *(["--port", "0"] if what == "run" else []))
        assert refused.returncode == 1
        assert refused.stderr.startswith("Error: the database refused:"), refused.stderr
        assert "Traceback" not in refused.stderr
    examined = command(environ, "doctor")
    assert examined.returncode == 1
    assert "error   database: it does not answer" in examined.stdout
    assert "Traceback" not in examined.stderr


@pytest.mark.usefixtures("once")
def test_a_taken_port_is_one_line(app: Flask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for what in ("serve", "run"):
            refused = command(environment(app), what, "--port", port)
            assert refused.returncode == 1
            assert f"port {port} is taken by another program" in refused.stderr
            assert "Traceback" not in refused.stderr


def test_the_tables_can_be_looked_at_and_upgraded(tmp_path: Path) -> None:
    environ = environment(instance=tmp_path)
    assert here(environ, "db", "check").returncode == 1
    assert here(environ, "db", "current").stdout == "none\n"
    assert "upgraded to revision" in here(environ, "db", "upgrade").stdout
    assert "already of revision" in here(environ, "db", "upgrade").stdout
    assert here(environ, "db", "check").returncode == 0


def test_a_newer_database_is_refused_with_advice(app: Flask) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    refused = here(environment(app), "db", "upgrade")
    assert refused.returncode == 1
    assert "made by another version" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_page_of_the_settings_is_current() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page == manual.settings_page(), "policytrack settings --markdown > docs/settings.md"


def test_settings_are_shown_without_their_secrets(tmp_path: Path) -> None:
    shown = here(
        environment(
            instance=tmp_path,
            secret_key="k" * 40,
            mail_url="smtp://user:hidden@mail.example.org:587",
        ),
        "settings",
    ).stdout
    assert "secret_key = (set)" in shown
    assert "mail_url = smtp://user:***@mail.example.org:587" in shown
    assert "hidden" not in shown
    assert "k" * 40 not in shown


def test_backup_and_restore_from_the_command_line(filled: Flask, tmp_path: Path) -> None:
    environ, target = environment(filled), tmp_path / "a.tar.gz"
    assert here(environ, "backup", target).returncode == 0
    assert here(environ, "backup", target).stderr.endswith("move it away\n")
    assert "Whole and unchanged" in here(environ, "backup", "--verify", target).stdout
    refused = here(environ, "restore", target)
    assert refused.returncode == 1
    assert "restore --force" in refused.stderr
    done = here(environ, "restore", target, "--force")
    assert (done.returncode, done.stderr) == (0, "")
    target.write_bytes(target.read_bytes()[:2000])
    for arguments in (("backup", "--verify", target), ("restore", target, "--force")):
        refused = here(environ, *arguments)
        assert refused.returncode == 1
        assert re.fullmatch(r"Error: a\.tar\.gz is refused: .+\n", refused.stderr)
    assert here(environ, "backup", tmp_path / "a.zip").returncode == 2

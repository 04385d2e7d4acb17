"""Examine an installation: what is wrong, and how to mend it, in one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from policytrack.core.db import session
from policytrack.operations import checks_data, checks_index, checks_machine
from policytrack.operations.findings import Finding, Level, error

_Check = Callable[[], Iterator[Finding]]

# What is looked at once the database answers, and once its tables are right.
_DATABASE: tuple[_Check, ...] = (checks_data.soundness, checks_data.shape)
_TABLES: tuple[_Check, ...] = (
    checks_data.contents,
    checks_data.moment,
    checks_data.outbox,
    checks_data.pictures,
    checks_data.stored,
    checks_index.index,
)


def unusable(line: str) -> Finding:
    """Return the finding for settings with which nothing starts."""
    subject, _, seen = line.partition(": ")
    return error(subject, seen, "correct it in settings.toml or in the environment")


def _run(checks: tuple[_Check, ...]) -> Iterator[Finding]:
    for check in checks:
        try:
            yield from check()
        except Exception as problem:  # noqa: BLE001 - a check that fails is a finding itself
            name = check.__name__.replace("_", " ")
            said = (str(problem).strip().splitlines() or [type(problem).__name__])[0]
            yield error(name, f"it could not be looked at ({said})", "look at the log")
        finally:
            session().rollback()


def examine(*, try_mail: bool) -> Iterator[Finding]:
    """Yield what is seen; where the database is away, nothing that needs it."""
    yield from _run(
        (
            checks_machine.folder,
            checks_machine.key,
            checks_machine.moment,
            checks_machine.address,
            checks_machine.mail_server if try_mail else checks_machine.mail,
            checks_machine.worker,
            checks_machine.scanner,
        )
    )
    for checks in ((checks_data.database,), _DATABASE, _TABLES):
        findings = list(_run(checks))
        yield from findings
        if any(finding.level is Level.ERROR for finding in findings):
            return

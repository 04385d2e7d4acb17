"""Let a few invented people keep searches: with mail, shared, with a feed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from policytrack.commitments.models import Commitment
from policytrack.core.ids import new_token
from policytrack.demonstration.stage import Stage
from policytrack.library.models import LibraryDocument
from policytrack.progress.models import Note
from policytrack.search.saving import rules
from policytrack.search.saving.models import SavedSearch
from policytrack.search.saving.queries import hash_of
from policytrack.search.saving.rules import Alert

_DAY = timedelta(days=1)
# Whose, called what, which search, how often told, shared, with a feed.
_KEPT = (
    ("researcher", "Recruitment fees in Nepal", "q=recruitment+fee*&country=NP",
     Alert.WEEKLY, False, True),
    ("researcher", "قوانين الاستقدام", "q=%D8%A7%D8%B3%D8%AA%D9%82%D8%AF%D8%A7%D9%85&type=law",
     Alert.NONE, False, False),
    ("focal.np", "What others report on our corridor", "kind=note&corridor=NP-QA&sort=date",
     Alert.DAILY, True, False),
    ("officer.one", "Domestic work, latest first", "q=domestic+work*&sort=date",
     Alert.NONE, True, False),
)  # fmt: skip


def add(stage: Stage) -> None:
    """Add the searches; all that is there now is no news."""
    now = stage.calendar.now
    known = rules.packed(
        rules.digests(
            f"{kind}:{public_id}"
            for kind, model in (("note", Note), ("commitment", Commitment),
                                ("document", LibraryDocument))
            for public_id in stage.session.scalars(select(model.public_id))
        )
    )  # fmt: skip
    for number, (name, called, query, alert, shared, fed) in enumerate(_KEPT):
        saved = SavedSearch(
            public_id=stage.new_id(),
            user_id=next(u.id for email, u in stage.users.items() if email.startswith(f"{name}@")),
            name=called,
            query=query,
            created_at=now - (50 - number) * _DAY,
            shared=shared,
            alert=alert,
        )
        if alert is not Alert.NONE:
            saved.alerted_at = now - 6 * _DAY
            saved.alert_due_at = rules.next_due(alert, saved.alerted_at, now)
            saved.alerts, saved.reported = 1, known
        if fed:
            saved.feed_hash = hash_of(new_token())  # nobody knows the address
            saved.feed_made_at = saved.feed_changed_at = saved.created_at + _DAY
            saved.feed_due_at, saved.feed_known = now + rules.FEED_PERIOD, known
            saved.feed_entries, saved.feed_language = {"entries": []}, "en"
        stage.session.add(saved)
    stage.session.flush()

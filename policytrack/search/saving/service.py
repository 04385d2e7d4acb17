"""Keep, share and forget searches, and remember what was told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.accounts.service import closing
from policytrack.core import audit, errors, outbox
from policytrack.core.documents import Result
from policytrack.core.i18n import format_number
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.ids import new_token
from policytrack.core.permissions import Actor, Permission, require
from policytrack.search.saving import queries, rules
from policytrack.search.saving.finding import Find
from policytrack.search.saving.models import SavedSearch
from policytrack.search.saving.rules import Alert

# The work of the outbox that sends news, and that says that there will be none.
NEWS = "search_news"


@dataclass(frozen=True, slots=True)
class Keeping:
    """Hold how a person wants a search kept; `known` is what is no news, None without mail."""

    name: str
    alert: Alert = Alert.NONE
    known: Find | None = None


def save(
    session: Session, *, actor: Actor, query: str, command: Keeping, now: datetime
) -> SavedSearch:
    """Save a search; the same one under the same name is there already.

    Raises `InvalidInput` for a name that another search has and for mail on too much,
    `RuleViolation` for nothing to search for and for too many searches.
    """
    require(actor, Permission.SEARCH_SAVE)
    if not query:
        raise errors.RuleViolation(_("There is nothing to save yet: search for something first."))
    there = queries.named(session, actor, command.name)
    if there is not None and there.query == query:
        return there
    _require_free(there)
    if queries.count(session, actor) >= rules.MOST_SAVED:
        raise errors.RuleViolation(
            _("You have %(most)d searches. Delete one first.", most=rules.MOST_SAVED)
        )
    saved = SavedSearch(user_id=actor.user_id, name=command.name, query=query, created_at=now)
    _set_alert(saved, command, now)
    session.add(saved)
    session.flush()
    _record(session, actor, "search.save", saved, now, details={"alert": saved.alert})
    return saved


def change(
    session: Session, *, actor: Actor, saved: SavedSearch, command: Keeping, now: datetime
) -> None:
    """Give a search another name or other mail; raise as `save` does."""
    require(actor, Permission.SEARCH_SAVE)
    there = queries.named(session, actor, command.name)
    if there is not saved:
        _require_free(there)
    fields = [name for name in ("name", "alert") if getattr(saved, name) != getattr(command, name)]
    if not fields:
        return
    saved.name = command.name
    if "alert" in fields:
        _set_alert(saved, command, now)
    session.flush()
    _record(session, actor, "search.change", saved, now, fields=fields)


def _require_free(there: SavedSearch | None) -> None:
    if there is not None:
        raise errors.InvalidInput(
            fields={"name": _("You have a search of this name already. Choose another one.")}
        )


def _set_alert(saved: SavedSearch, command: Keeping, now: datetime) -> None:
    before = Alert(saved.alert or Alert.NONE)
    saved.alert = command.alert
    if command.alert is Alert.NONE:
        saved.alert_due_at = saved.reported = None
        return
    if before is Alert.NONE:
        find = command.known
        assert find is not None  # noqa: S101 - whoever asks for mail has looked
        _require_few(find, "alert")
        saved.reported = rules.packed(find.things)
    saved.alert_due_at = rules.next_due(command.alert, now, now)


def _require_few(find: Find, field: str) -> None:
    if find.too_many:
        raise errors.InvalidInput(
            fields={
                field: _(
                    "This search finds more than %(most)s results. Narrow it before you ask to be"
                    " told what is new.",
                    most=format_number(rules.MOST_RESULTS),
                )
            }
        )


def share(
    session: Session, *, actor: Actor, saved: SavedSearch, shared: bool, now: datetime
) -> None:
    """Let others run a search by its link, or no longer."""
    require(actor, Permission.SEARCH_SAVE)
    if saved.shared == shared:
        return
    saved.shared = shared
    act = "search.share" if shared else "search.unshare"
    _record(session, actor, act, saved, now)


def stop(session: Session, *, actor: Actor, saved: SavedSearch, now: datetime) -> None:
    """End the mail on a search; `actor` is its owner, who may have come by a link in a mail."""
    if saved.alert != Alert.NONE:
        _set_alert(saved, Keeping(saved.name), now)
        _record(session, actor, "search.change", saved, now, fields=["alert"])


def remove(session: Session, *, actor: Actor, saved: SavedSearch, now: datetime) -> None:
    """Delete a search with its feed and what is remembered of it."""
    require(actor, Permission.SEARCH_SAVE)
    _record(session, actor, "search.delete", saved, now)
    session.delete(saved)
    session.flush()


def feed(
    session: Session,
    *,
    actor: Actor,
    saved: SavedSearch,
    find: Find,
    first: Sequence[Result],
    language: str,
    now: datetime,
) -> str:
    """Give a search a feed, or its feed a new address; return the secret of the address.

    `find` and `first` are what everybody finds now, and what of it a new feed begins with.
    Raises `InvalidInput` where that is too much.
    """
    require(actor, Permission.SEARCH_SAVE)
    if saved.feed_hash is None:
        _require_few(find, "feed")
        saved.feed_known = rules.packed(find.things)
        saved.feed_entries = {"entries": [_begun(result, now) for result in first]}
        saved.feed_changed_at = now
        saved.feed_due_at = now + rules.FEED_PERIOD
    token = new_token()
    saved.feed_hash = queries.hash_of(token)
    saved.feed_made_at, saved.feed_language = now, language
    session.flush()
    _record(session, actor, "search.feed", saved, now)
    return token


def _begun(result: Result, now: datetime) -> dict[str, str]:
    """Return an entry that was there before its feed: of its own day, not of today."""
    at = now
    if result.on is not None and result.on < now.date():
        at = datetime(result.on.year, result.on.month, result.on.day, tzinfo=now.tzinfo)
    return {"key": result.key, "at": at.isoformat(timespec="seconds")}


def end_feed(session: Session, *, actor: Actor, saved: SavedSearch, now: datetime) -> None:
    """Take the feed of a search away: its address leads nowhere any more."""
    require(actor, Permission.SEARCH_SAVE)
    if saved.feed_hash is None:
        return
    _drop_feed(saved)
    _record(session, actor, "search.feed_end", saved, now)


def _drop_feed(saved: SavedSearch) -> None:
    saved.feed_hash = saved.feed_made_at = saved.feed_due_at = saved.feed_changed_at = None
    saved.feed_known, saved.feed_entries = None, {}


def report(
    session: Session,
    *,
    seen: SavedSearch,
    find: Find,
    fresh: Sequence[str],
    now: datetime,
) -> None:
    """Tell the owner of a search what is new, and remember it in the same breath.

    `seen` is the search as it was when it was looked at; what happened to it since wins. `fresh`
    are the keys of what is new and was shown to its owner just now.
    """
    saved = queries.held(session, seen.id)
    if saved is None or saved.alert_due_at != seen.alert_due_at:
        return
    alert = Alert(saved.alert)
    known = rules.unpacked(saved.reported)
    fresh = [key for key in fresh if key in frozenset(find.new_to(known))]
    if find.too_many:
        saved.alerts += 1
        _enqueue(session, saved, {"too_many": True}, now)
        saved.alert, saved.alert_due_at, saved.reported = Alert.NONE, None, None
        return
    if fresh:
        saved.alerts += 1
        saved.alerted_at = now
        told = Find(tuple(fresh), too_many=False).things
        saved.reported = rules.packed(rules.remembered(known, find.things, told))
        keys, more = list(fresh[: rules.MAIL_NAMES]), len(fresh) > rules.MAIL_NAMES
        _enqueue(session, saved, {"keys": keys, "more": more}, now)
    assert seen.alert_due_at is not None  # noqa: S101 - it was due
    saved.alert_due_at = rules.next_due(alert, seen.alert_due_at, now)


def _enqueue(session: Session, saved: SavedSearch, payload: dict[str, Any], now: datetime) -> None:
    outbox.enqueue(
        session,
        NEWS,
        {"user_id": saved.user_id, "search": saved.public_id, **payload},
        key=f"{NEWS}:{saved.public_id}:{saved.alerts}",
        now=now,
    )


def feed_on(
    session: Session, *, seen: SavedSearch, find: Find, fresh: Sequence[str], now: datetime
) -> None:
    """Add to a feed what is new to everybody; as `report` does."""
    saved = queries.held(session, seen.id)
    if saved is None or saved.feed_due_at is None or saved.feed_due_at != seen.feed_due_at:
        return
    known = rules.unpacked(saved.feed_known)
    told = find.new_to(known)
    fresh = [key for key in fresh if key in frozenset(told)]
    if fresh:
        at = now.isoformat(timespec="seconds")
        entries = [{"key": key, "at": at} for key in fresh] + saved.feed_entries["entries"]
        saved.feed_entries = {"entries": entries[: rules.FEED_ENTRIES]}
        saved.feed_changed_at = now
        added = Find(tuple(fresh), too_many=False).things
        saved.feed_known = rules.packed(rules.remembered(known, find.things, added))
    saved.feed_due_at = now + rules.FEED_PERIOD


def forget(session: Session, user: User) -> None:
    """Delete all searches of a person, whose account is being closed."""
    session.execute(delete(SavedSearch).where(SavedSearch.user_id == user.id))


closing.WITH_ACCOUNT.append(forget)


def _record(
    session: Session, actor: Actor, action: str, saved: SavedSearch, now: datetime, **more: Any
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        kind="saved_search",
        public_id=saved.public_id,
        now=now,
        **more,
    )

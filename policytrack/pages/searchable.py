"""Turn places into search documents."""

from __future__ import annotations

from policytrack.core.documents import Source

sources: tuple[Source, ...] = ()

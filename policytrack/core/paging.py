"""Cut long lists into pages with addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import request, url_for

T = TypeVar("T")

SIZE = 25


def number_of(value: str | None) -> int:
    """Return the page asked for, from 1; what is no such number counts as 1."""
    text = value or ""
    return max(int(text), 1) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def offset(asked: int, total: int, size: int = SIZE) -> tuple[int, int]:
    """Return (number, offset) of the page to show; beyond the last page it is the last."""
    number = min(asked, max(-(-total // size), 1))
    return number, (number - 1) * size


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Hold one page of a list; `number` counts from 1."""

    items: Sequence[T]
    number: int
    total: int
    size: int = SIZE
    url: Callable[[int], str] = lambda number: here(page=str(number))

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least 1."""
        return max(-(-self.total // self.size), 1)

    @property
    def first(self) -> int:
        """Return the number of the first row shown, 0 when there is none."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Return the number of the last row shown."""
        return min(self.number * self.size, self.total)


def part(parameter: str) -> Callable[[int], str]:
    """Return the addresses of a list among others on a page: the number, and where it stands.

    The list stands under the id that the parameter is called, `notes` where it is called `page`.
    """
    anchor = "notes" if parameter == "page" else parameter
    return lambda number: f"{here(**{parameter: str(number) if number > 1 else ''})}#{anchor}"


def here(**changed: str) -> str:
    """Return the present address with some parameters changed; empty ones are left out."""
    given: Mapping[str, list[str]] = request.args.to_dict(flat=False)
    query = {**given, **{name: [value] for name, value in changed.items()}}
    kept = {name: values for name, values in query.items() if any(values)}
    if kept.get("page") == ["1"]:
        del kept["page"]
    path = url_for(str(request.endpoint), **(request.view_args or {}))
    return f"{path}?{urlencode(kept, doseq=True)}" if kept else path


def narrowed(endpoint: str, filters: Iterable[str], **values: Any) -> str:
    """Return the address of another page of the same list, with those of the filters in use."""
    used: dict[str, Any] = {name: request.args[name] for name in filters if request.args.get(name)}
    return url_for(endpoint, **used, **values)

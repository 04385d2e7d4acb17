"""Every sentence a person reads is translated, completely, into every language of the site."""

from __future__ import annotations

import ast
import gettext
import io
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from policytrack.core.i18n import DEFAULT, LANGUAGES

ROOT = Path(__file__).parent.parent.parent
CATALOGUES = ROOT / "policytrack" / "translations"
TRANSLATED = [code for code in LANGUAGES if code != DEFAULT]
MODULES = sorted((ROOT / "policytrack").rglob("*.py"))
# These may be left out of a form that says its number in words: "one note", "two notes".
COUNTS = {"%(count)s", "%(num)d"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
TAG = re.compile(r"</?\w[^>]*>")
# What is no word of a sentence: addresses, commands between backticks.
NO_WORDS = re.compile(
    r"\S+@\S+|https?:\S*|`[^`]*`|«[A-Za-z_]+»|\b\w+\.csv\b|\(;\)"
    # programs, which are named as they are called
    r"|\b(?:tesseract|clamd|freshclam)\b"
)


def _recipe(command: str) -> list[str]:
    """Return the arguments of a command of `make messages`, so that the recipe itself is tried."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(rf"pybabel {command} (.*)", makefile)
    assert found, f"make messages has no pybabel {command}"
    return shlex.split(found[1].replace("$(CATALOGUES)", str(CATALOGUES)))


@cache
def _keywords() -> frozenset[str]:
    arguments = _recipe("extract")
    named = (word for at, word in enumerate(arguments) if arguments[at - 1] == "--keyword")
    return frozenset([*DEFAULT_KEYWORDS, *(word.partition(":")[0] for word in named)])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return every sentence that code and templates hold now."""
    path = tmp_path_factory.mktemp("catalogue") / "messages.pot"
    arguments = _recipe("extract")
    arguments[arguments.index("--output") + 1] = str(path)
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "extract", *arguments],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with path.open("rb") as file:
        return read_po(file)


def _folder(code: str) -> Path:
    return CATALOGUES / code / "LC_MESSAGES"


@cache
def _catalogue(code: str) -> Catalog:
    with (_folder(code) / "messages.po").open("rb") as file:
        return read_po(file, locale=code)


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _ids(message: Message) -> Sequence[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def _forms(message: Message) -> Sequence[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def _all_forms(code: str) -> Iterator[tuple[Message, int, str]]:
    for message in _messages(_catalogue(code)):
        for number, form in enumerate(_forms(message)):
            yield message, number, form


@cache
def _compiled(code: str) -> gettext.GNUTranslations:
    with (_folder(code) / "messages.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def _plural(code: str, number: int) -> int:
    plural: Callable[[int], int] = vars(_compiled(code))["plural"]
    return plural(number)


def _said_in_words(code: str) -> set[int]:
    """Return the forms that stand for one number only, and so may say it in words."""
    uses: dict[int, int] = {}
    for number in range(1000):
        form = _plural(code, number)
        uses[form] = uses.get(form, 0) + 1
    return {form for form, times in uses.items() if times == 1}


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_sentence_is_translated(code: str, template: Catalog) -> None:
    catalogue = _catalogue(code)
    wanting = []
    for message in _messages(template):
        found = catalogue.get(message.id)
        if found is None or not all(_forms(found)) or found.fuzzy or found.id != message.id:
            wanting.append(message.id)
    assert wanting == [], "run `make messages`, then translate what is empty in the catalogue"


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_sentence_is_kept_that_is_no_longer_said(code: str, template: Catalog) -> None:
    said = {tuple(_ids(message)) for message in _messages(template)}
    kept = [m.id for m in _messages(_catalogue(code)) if tuple(_ids(m)) not in said]
    assert kept == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_plurals_follow_the_rules_of_the_language(code: str) -> None:
    # Each form stands for one category of the Unicode rules.
    catalogue = _catalogue(code)
    for message in _messages(catalogue):
        if not isinstance(message.id, str):
            assert len(_forms(message)) == catalogue.num_plurals, message.id
    categories: dict[int, set[str]] = {}
    for number in (*range(250), 1000, 1001, 1003, 1011, 1100, 1_000_000):
        name = Locale(code).plural_form(number)
        # French "many" is for round millions in words ("un million de"): in figures as any other.
        name = "other" if code == "fr" and name == "many" else name
        categories.setdefault(_plural(code, number), set()).add(name)
    assert all(len(names) == 1 for names in categories.values()), categories
    assert len(categories) == catalogue.num_plurals
    if code == "ar":
        # The order of the Unicode rules. In the header that Babel writes the last two are swapped.
        order = [name for form in sorted(categories) for name in categories[form]]
        assert order == ["zero", "one", "two", "few", "many", "other"]


@pytest.mark.parametrize("code", TRANSLATED)
def test_placeholders_and_markup_are_those_of_the_sentence(code: str) -> None:
    in_words = _said_in_words(code)
    wrong = []
    for message, number, form in _all_forms(code):
        wanted = set().union(*(PLACEHOLDER.findall(text) for text in _ids(message)))
        found = set(PLACEHOLDER.findall(form))
        plural = not isinstance(message.id, str)
        optional = COUNTS if plural and number in in_words else set()
        # A sign of per cent on its own would break the sentence when its values are filled in.
        stray = bool(wanted) and "%" in PLACEHOLDER.sub("", form).replace("%%", "")
        tags = sorted(TAG.findall(_ids(message)[-1])) != sorted(TAG.findall(form))
        if not wanted - optional <= found <= wanted or stray or tags:
            wrong.append((message.id, form))
    assert wrong == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_compiled_catalogue_is_that_of_the_source(code: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, _catalogue(code))
    assert (_folder(code) / "messages.mo").read_bytes() == compiled.getvalue(), "make messages"


def _words_of(form: str) -> str:
    return NO_WORDS.sub(" ", TAG.sub(" ", PLACEHOLDER.sub(" ", form)))


def test_arabic_sentences_are_arabic() -> None:
    # Names and codes have capitals (PolicyTrack, WebP, B5); a word without is English left over.
    left = [
        form
        for _message, _number, form in _all_forms("ar")
        if re.search(r"(?<![\w.])[a-z]{2,}", _words_of(form))
    ]
    assert left == []


def test_arabic_sentences_have_arabic_punctuation() -> None:
    foreign = [
        form
        for _message, _number, form in _all_forms("ar")
        if re.search(r"[?;“”\"]|,(?!\d)", _words_of(form))
    ]
    assert foreign == []


def _translating(tree: ast.AST) -> set[str]:
    """Return the names under which a module knows the functions that translate."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "policytrack.core.i18n"
        for alias in node.names
        if alias.name in {"gettext", "ngettext", "lazy_gettext"}
    }


def test_sentences_are_written_where_they_can_be_collected() -> None:
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = _translating(tree)
        assert names <= _keywords(), f"make messages does not look for this name: {path}"
        hidden = [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in names
            and not (node.args and isinstance(node.args[0], ast.Constant))
        ]
        assert hidden == [], f"a sentence that is put together cannot be translated: {path}"

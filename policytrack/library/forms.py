"""Read what people say of documents, and what officers decide: the shape only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectChoice,
)
from wtforms.validators import Length, ValidationError

from policytrack.core import languages
from policytrack.core.forms import (
    BaseForm,
    ChoiceField,
    ChoicesField,
    DayField,
    IdsField,
    LineField,
    PartialDateField,
    TextField,
    at_most,
)
from policytrack.core.i18n import gettext
from policytrack.core.i18n import lazy_gettext as _
from policytrack.library import rules, termforms
from policytrack.library.addresses import public_id_in
from policytrack.library.description import TIES, Description
from policytrack.library.models import LawColumn, LibraryRevision
from policytrack.library.presenters.choices import Groups
from policytrack.library.rules import Rights, Type, Visibility
from policytrack.library.terms import MOST_TERMS
from policytrack.library.words import (
    LEGAL_STATUS_WORDS,
    PRACTICE_WORDS,
    RELATION_WORDS,
    RIGHTS_WORDS,
    TYPE_WORDS,
    VISIBILITY_WORDS,
)

# Of these a practice says a line; of the others as much as there is to say.
PRACTICE_LINES = (
    "practice_type", "scope", "subregions", "implementer_type", "start", "end", "source",
    "date_shared", "contact",
)  # fmt: skip
ROWS = 2
_MOST_ROWS = 60
_FIELD_OF = {"embargo_until": "embargo_on"}
_TARGET = re.compile(r"(1[0-7]|[1-9])(\.([1-9]\d?|[a-d]))?")


def _said(words: Mapping[str, Any], first: object = "") -> list[SelectChoice]:
    known = [SelectChoice(str(code), word) for code, word in words.items()]
    return [SelectChoice("", first), *known] if first else known


class RelationForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Take how the document stands to another; a row without an address says nothing."""

    kind = ChoiceField(_("This document"), choices=_said(RELATION_WORDS, _("Choose")))
    target = LineField(_("Address of the other document"), validators=[at_most(rules.URL_LENGTH)])

    @property
    def public_id(self) -> str:
        """Return the id in the address that was given, empty where there is none."""
        return public_id_in(self.target.data or "")

    def validate_target(self, field: Any) -> None:
        """Ask for what an address says; raise `ValidationError` for what is none."""
        if field.data and not self.public_id:
            raise ValidationError(gettext("Copy the address of the other document’s page here."))
        if field.data and not self.kind.data:
            raise ValidationError(gettext("Say how this document stands to the other one."))


class DocumentForm(BaseForm):
    """Take all that is said of a document; as a draft any of it may be missing."""

    version = HiddenField(validators=[Length(max=40)])
    type = ChoiceField(
        _("Kind of document"), choices=_said(TYPE_WORDS, _("Choose the kind of document"))
    )
    title = LineField(
        _("Title"), description=_("As it stands on the document, in its own language.")
    )
    language = ChoiceField(_("Language of the document"))
    summary = TextField(
        _("Summary"),
        description=_("What it says and for whom, in a few sentences, in the same language."),
        validators=[at_most(rules.SUMMARY_LENGTH)],
    )
    authors = TextField(
        _("Authors"),
        description=_(
            "One on each line: a person as “Family name, Given name”, an organisation by its name."
            " Put the name of an organisation in quotation marks where it has a comma."
        ),
    )
    publisher = LineField(_("Publisher"), description=_("Who issued or published it."))
    place = LineField(_("Place of publication"))
    official_number = LineField(
        _("Official number"), description=_("Such as “Act No. 12 of 2019”.")
    )
    issued = PartialDateField(
        _("Issued"), description=_("As exact as it is known: 2016, 2016-12 or 2016-12-09.")
    )
    source_url = LineField(
        _("Link to the source"), description=_("The page where the issuer offers it.")
    )
    legal_status = ChoiceField(
        _("Legal status"), choices=_said(LEGAL_STATUS_WORDS, _("Not stated"))
    )
    in_force_from = PartialDateField(
        _("In force from"), description=_("As exact as it is known: 2016, 2016-12 or 2016-12-09.")
    )
    in_force_until = PartialDateField(
        _("In force until"), description=_("Leave it empty where no end is known.")
    )
    themes = ChoicesField(_("Themes"))
    sectors = ChoicesField(_("Sectors"))
    target_groups = ChoicesField(_("Target groups"))
    countries = ChoicesField(_("Countries and territories concerned"))
    corridors = ChoicesField(_("Corridors concerned"))
    visibility = RadioField(
        _("Who may read it once it is published"),
        choices=_said(VISIBILITY_WORDS),
        default=Visibility.PUBLIC,
        invalid_choice_message=_("Choose from the list."),
    )
    embargo_on = DayField(
        _("Not before"),
        description=_(
            "Nobody but your organisation and the secretariat reads it before that day begins"
            " (UTC). Leave it empty to publish it at once."
        ),
    )
    rights = RadioField(
        _("Copies"),
        choices=_said(RIGHTS_WORDS),
        default=Rights.COPY,
        invalid_choice_message=_("Choose from the list."),
    )
    licence = LineField(_("Licence"), description=_("Such as CC BY 4.0, where one is stated."))
    gcm_objectives = ChoicesField(PRACTICE_WORDS["gcm_objectives"])
    gcm_principles = ChoicesField(PRACTICE_WORDS["gcm_principles"])
    sdgs = LineField(
        PRACTICE_WORDS["sdgs"],
        description=_("Goals or targets by their numbers, such as 5.2; 8.8; 10.7."),
    )
    relations = FieldList(
        FormField(RelationForm), label=_("Other documents"), max_entries=_MOST_ROWS
    )
    terms = FieldList(
        FormField(termforms.TermForm), label=_("What it lays down"), max_entries=MOST_TERMS
    )
    files = MultipleFileField(_("Add files"))
    staged = IdsField(_("Files waiting"))
    removed = IdsField(_("Files to remove"))
    people_protected = BooleanField(
        _("Nobody can be identified"),
        description=_(
            "No part and no file lets anybody recognise a survivor, a complainant or an informant."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = [("", gettext("Choose a language")), *languages.choices()]
        # A draft may lack them; what is submitted may not, so they are not called optional.
        for needed in (self.type, self.title, self.language):
            needed.flags.required = True
        while len(self.relations) < ROWS or all(row.form.target.data for row in self.relations):
            self.relations.append_entry()

    def validate_sdgs(self, field: Any) -> None:
        """Ask for goals and targets by their numbers; raise `ValidationError` otherwise."""
        wrong = [each for each in _numbers(field.data) if not _TARGET.fullmatch(each)]
        if wrong:
            raise ValidationError(
                gettext("This is no goal or target: %(words)s.", words=", ".join(wrong)[:100])
            )

    @property
    def linked(self) -> list[tuple[str, str, str]]:
        """Return (field, kind, public id) of each row that names another document."""
        return [
            (row.form.target.name, row.form.kind.data, row.form.public_id)
            for row in self.relations
            if row.form.public_id
        ]

    def to_description(self, relations: Iterable[tuple[str, int]] = ()) -> Description:
        """Return what was said; `relations` are (kind, id of the other document)."""
        return Description(
            type=self.type.data or "",
            language=self.language.data or "",
            title=self.title.data or "",
            summary=self.summary.data or "",
            authors=tuple(authors_of(self.authors.data or "")),
            publisher=self.publisher.data or "",
            place=self.place.data or "",
            official_number=self.official_number.data or "",
            issued=self.issued.data or "",
            source_url=self.source_url.data or "",
            legal_status=self.legal_status.data or "",
            in_force_from=self.in_force_from.data or "",
            in_force_until=self.in_force_until.data or "",
            rights=self.rights.data,
            licence=self.licence.data or "",
            visibility=self.visibility.data,
            embargo_until=_beginning(self.embargo_on.data),
            practice=self._practice(),
            relations=tuple(relations),
            terms=termforms.said(self.terms),
            removed=frozenset(self.removed.data or ()),
            **{name: tuple(self[name].data or ()) for name in TIES},
        )

    def _practice(self) -> dict[str, Any]:
        said: dict[str, Any] = {name: self[name].data or "" for name in rules.PRACTICE_TEXTS}
        said["gcm_objectives"] = list(self.gcm_objectives.data or ())
        said["gcm_principles"] = list(self.gcm_principles.data or ())
        said["sdgs"] = _numbers(self.sdgs.data)
        return {name: value for name, value in said.items() if value}


for _name in rules.PRACTICE_TEXTS:
    # The fields of a practice are many and alike.
    _kind = LineField if _name in PRACTICE_LINES else TextField
    setattr(
        DocumentForm,
        _name,
        _kind(PRACTICE_WORDS[_name], validators=[at_most(rules.PRACTICE_LENGTH)]),
    )


def _numbers(text: str | None) -> list[str]:
    return list(dict.fromkeys(re.findall(r"[^\s,;،؛]+", (text or "").lower())))


def _beginning(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, tzinfo=UTC) if day else None


def authors_of(text: str) -> list[dict[str, str]]:
    """Return persons and organisations, one of each line."""
    return [rules.author(line) for line in text.splitlines() if line.strip()]


def author_lines(authors: Iterable[Mapping[str, str]]) -> str:
    """Return persons and organisations as they are typed; `authors_of` reads them back."""
    return "\n".join(map(rules.author_text, authors))


def document_form(
    groups: Groups,
    given: Any = None,
    revision: LibraryRevision | None = None,
    address: Callable[[str], str] = str,
    seen: Iterable[int] = (),
    columns: Sequence[LawColumn] = (),
) -> DocumentForm:
    """Return the form of a document: as it was sent (`given`), or as it is stored.

    Of the relations those to documents in `seen` are shown; `address` makes the address of one.
    `columns` are those in which laws are compared.
    """
    data = stored(revision, address, frozenset(seen)) if revision else {}
    if revision:
        data["terms"] = termforms.rows_of(revision, columns)
    form = DocumentForm(given, data=data)
    termforms.suit(form.terms, columns, form.themes.data or ())
    for name, choices in groups.items():
        form[name].choices = [(each.code, each.name) for group in choices for each in group.items]
    return form


def stored(
    revision: LibraryRevision, address: Callable[[str], str], seen: frozenset[int]
) -> dict[str, Any]:
    """Return what a revision says, as the form names it."""
    practice = revision.practice
    return {
        "version": revision.stamp,
        "type": revision.type,
        "title": revision.title,
        "language": revision.language,
        "summary": revision.summary,
        "authors": author_lines(revision.authors),
        "publisher": revision.publisher,
        "place": revision.place,
        "official_number": revision.official_number,
        "issued": revision.issued,
        "source_url": revision.source_url,
        "legal_status": revision.legal_status,
        "in_force_from": revision.in_force_from,
        "in_force_until": revision.in_force_until,
        "rights": revision.rights,
        "licence": revision.licence,
        "visibility": revision.visibility,
        "embargo_on": revision.embargo_until.date() if revision.embargo_until else None,
        "people_protected": revision.people_protected,
        **{
            name: [getattr(row, column.key) for row in getattr(revision, name)]
            for name, column in TIES.items()
        },
        **{name: practice.get(name, "") for name in rules.PRACTICE_TEXTS},
        "gcm_objectives": practice.get("gcm_objectives", []),
        "gcm_principles": practice.get("gcm_principles", []),
        "sdgs": "; ".join(practice.get("sdgs", [])),
        "relations": [
            {"kind": each.kind, "target": address(each.target.public_id)}
            for each in revision.relations
            if each.target_id in seen
        ],
    }


def blame(form: BaseForm, problems: Mapping[str, object]) -> None:
    """Put the service's sentences beside the fields they speak of, else above the form."""
    fields = {field.name: field for field in form}
    rows = fields.get("relations", ())
    targets = {row.form.target.name: row.form.target for row in rows}
    points = {f"terms.{row.form.column.data}": row.form.value for row in fields.get("terms", ())}
    for name, problem in problems.items():
        sentence = str(problem)
        field = targets.get(name) or points.get(name) or fields.get(_FIELD_OF.get(name, name))
        if field is None or isinstance(field, FieldList):
            form.form_errors.append(sentence)
        elif sentence not in field.errors:
            field.errors = [*field.errors, sentence]
        if name in targets:
            # A list knows only those errors of its rows that it found itself.
            form["relations"].errors = [*form["relations"].errors, {"target": [sentence]}]
        if name in points:
            form["terms"].errors = [*form["terms"].errors, {"value": [sentence]}]


class KindField(HiddenField):  # type: ignore[misc]  # WTForms has no types
    """Carry the kind of a document that is begun as such; what is no kind is left aside."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep a kind that there is."""
        self.data = valuelist[0] if valuelist and valuelist[0] in set(Type) else ""


class BeginForm(BaseForm):
    """Take files for new documents, and whose they are."""

    type = KindField()
    organisation = ChoiceField(_("Organisation"))
    files = MultipleFileField(_("Files"))
    staged = IdsField(_("Files waiting"))
    each = RadioField(
        _("Several files are"),
        choices=_said(
            {
                "one": _("one document with several files, such as a text and its annexes"),
                "each": _("a document each"),
            }
        ),
        default="one",
        invalid_choice_message=_("Choose from the list."),
    )

    def __init__(self, *args: Any, bodies: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation.choices = list(bodies)

    def validate_organisation(self, field: Any) -> None:
        """Ask whose it is where that is not known; raise `ValidationError`."""
        if field.data not in {value for value, _words in field.choices}:
            raise ValidationError(gettext("Choose the organisation."))


class DecisionForm(BaseForm):
    """Take an officer's reason, which the authors read, and a comment, which they do not."""

    reason = TextField(_("Reason"), validators=[at_most(rules.REASON_LENGTH)])
    language = ChoiceField(_("Language of the reason"))
    internal_comment = TextField(
        _("Internal comment"),
        description=_("Only the secretariat reads this."),
        validators=[at_most(rules.REASON_LENGTH)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = languages.choices()


class SubmitForm(BaseForm):
    """Take the confirmation that a submission asks for, and the stamp of what was read."""

    version = HiddenField(validators=[Length(max=40)])
    people_protected = BooleanField(
        _("Nobody can be identified"),
        description=_(
            "No part and no file lets anybody recognise a survivor, a complainant or an informant."
        ),
    )

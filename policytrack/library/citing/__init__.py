"""Cite documents: as text, in the formats of reference managers, and in the head of a page.

Pure functions of a `Citable`; nothing here reads the database or the request.
"""

from policytrack.library.citing.apa import apa, apa_in_text
from policytrack.library.citing.bibtex import bibtex, bibtex_parts, comment
from policytrack.library.citing.chicago import chicago, chicago_note
from policytrack.library.citing.citable import Citable, Organisation, Person, authors_of
from policytrack.library.citing.csl import csl_json, csl_parts
from policytrack.library.citing.kinds import Other
from policytrack.library.citing.metadata import highwire, json_ld, schema_org
from policytrack.library.citing.ris import ris, ris_parts
from policytrack.library.citing.text import Span, Text

__all__ = [
    "Citable",
    "Organisation",
    "Other",
    "Person",
    "Span",
    "Text",
    "apa",
    "apa_in_text",
    "authors_of",
    "bibtex",
    "bibtex_parts",
    "chicago",
    "chicago_note",
    "comment",
    "csl_json",
    "csl_parts",
    "highwire",
    "json_ld",
    "ris",
    "ris_parts",
    "schema_org",
]

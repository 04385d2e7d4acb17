"""Cite documents: as text, in the formats of reference managers, and in the head of a page.

Pure functions of a `Citable`; nothing here reads the database or the request.
"""

from policytrack.library.citing.apa import apa, apa_in_text
from policytrack.library.citing.bibtex import bibtex
from policytrack.library.citing.chicago import chicago, chicago_note
from policytrack.library.citing.citable import Citable, Organisation, Person, authors_of
from policytrack.library.citing.csl import csl_json
from policytrack.library.citing.metadata import highwire, json_ld, schema_org
from policytrack.library.citing.ris import ris
from policytrack.library.citing.text import Span, Text

__all__ = [
    "Citable",
    "Organisation",
    "Person",
    "Span",
    "Text",
    "apa",
    "apa_in_text",
    "authors_of",
    "bibtex",
    "chicago",
    "chicago_note",
    "csl_json",
    "highwire",
    "json_ld",
    "ris",
    "schema_org",
]

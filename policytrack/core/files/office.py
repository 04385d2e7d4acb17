"""Check Word, Excel and OpenDocument files, and pack them anew without what is not the document.

They are ZIP archives of XML and pictures. Every part is read once within limits: XML must be
whole and without entities, pictures are drawn anew, the names of author and editor go, and the
archive's own times and extra fields with them.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, register_namespace, tostring
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from policytrack.core.files import images
from policytrack.core.files.kinds import KINDS, Family, Found, sniff
from policytrack.core.files.refusals import Reason, Refused

MAX_MEMBERS = 10_000
MAX_UNPACKED = 200 * 1024 * 1024
# Repetitive sheets shrink to a fiftieth; a part that shrinks more is made to swell.
MAX_RATIO = 250
_RATIO_MATTERS_FROM = 4 * 1024 * 1024
# Catalogues of an archive, which are read as a tree.
_MAX_CATALOGUE = 4 * 1024 * 1024
# A chart's numbers are a workbook inside the document; nothing lies deeper than that.
_MAX_DEPTH = 1

_MAIN_PARTS = {
    f"application/vnd.openxmlformats-officedocument.{part}.main+xml": found
    for part, found in (
        ("wordprocessingml.document", Found.DOCX),
        ("spreadsheetml.sheet", Found.XLSX),
        ("presentationml.presentation", Found.PPTX),
    )
}
_MACRO_PARTS = re.compile(
    r"(^|/)(vbaproject[^/]*\.bin|vbadata\.xml|activex/.+|(intl)?macrosheets/.+)$|^(basic|scripts)/.+",
    re.IGNORECASE,
)
# What is loaded when the document is opened; links and linked pictures wait for a click.
_LOADED = ("/oleObject", "/frame", "/subDocument", "/aFChunk")
_ELSEWHERE = re.compile(
    r"\s*(https?:|ftp:|mhtml:|\\\\|//[^/]|file:(//[^/]|/{4,}|/*\\))", re.IGNORECASE
)
# A template's address tells the author's machine, and would be fetched from wherever it points.
# Word takes its own template where there is none.
_TEMPLATE = "/attachedTemplate"
_NO_TEMPLATE = "Normal.dotm"
_XML_NAMES = (".xml", ".rels", ".vml", ".rdf")

_PERSONS = frozenset(
    {
        "{http://purl.org/dc/elements/1.1/}creator",
        "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}lastModifiedBy",
        "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}Manager",
        "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}initial-creator",
        "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}printed-by",
    }
)
_PROPERTIES = frozenset({"docprops/core.xml", "docprops/app.xml", "meta.xml"})
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_DCTERMS = "{http://purl.org/dc/terms/}"
for _prefix, _address in (
    ("cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("dcmitype", "http://purl.org/dc/dcmitype/"),
    ("xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ("ep", "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"),
    ("vt", "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"),
    ("office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
    ("meta", "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"),
    ("xlink", "http://www.w3.org/1999/xlink"),
    ("", "http://schemas.openxmlformats.org/package/2006/relationships"),
):
    register_namespace(_prefix, _address)


def scrub(file: BinaryIO, depth: int = 0) -> tuple[Found, memoryview]:
    """Return what an archive is and, for an office file, the archive packed anew.

    Of an archive of another kind nothing is returned. Raises `Refused` for what is encrypted,
    damaged, holds macros or other files, or swells.
    """
    try:
        with ZipFile(file) as package:
            found, members = checked(package)
            if found not in KINDS:
                return found, memoryview(b"")
            return found, _packed_anew(package, members, depth)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        raise Refused(Reason.DAMAGED) from None


def checked(package: ZipFile) -> tuple[Found, dict[str, ZipInfo]]:
    """Return what an archive is and its parts, by their names in small letters.

    Raises `Refused` for one that is encrypted or damaged, has macros, or unpacks to too much.
    """
    members = _members(package)
    return _told(package, members), members


def _members(package: ZipFile) -> dict[str, ZipInfo]:
    listed = package.infolist()
    if len(listed) > MAX_MEMBERS or sum(item.file_size for item in listed) > MAX_UNPACKED:
        raise Refused(Reason.BOMB)
    members: dict[str, ZipInfo] = {}
    for item in listed:
        if item.flag_bits & 0x1:
            raise Refused(Reason.ENCRYPTED)
        swells = item.file_size > MAX_RATIO * max(item.compress_size, 1)
        if swells and item.file_size > _RATIO_MATTERS_FROM:
            raise Refused(Reason.BOMB)
        # Two parts of one name would be one document to us and another to the reader.
        name = item.filename
        twice = name.lower() in members
        outside = name.startswith("/") or "\\" in name or ".." in name.split("/")
        if twice or outside or item.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise Refused(Reason.DAMAGED)
        members[name.lower()] = item
    return members


def _told(package: ZipFile, members: dict[str, ZipInfo]) -> Found:
    if (types := members.get("[content_types].xml")) is not None:
        return _told_by_types(_tree(package, types), members)
    if (mimetype := members.get("mimetype")) is None:
        return Found.PROGRAM if "meta-inf/manifest.mf" in members else Found.ZIP
    if mimetype.file_size > 200:
        return Found.ZIP
    said = package.read(mimetype).strip()
    if said == b"application/epub+zip":
        return Found.BOOK
    if said != b"application/vnd.oasis.opendocument.text":
        return Found.OTHER_OFFICE if b"opendocument" in said else Found.ZIP
    _check_manifest(package, members)
    return Found.ODT


def _told_by_types(types: Element, members: dict[str, ZipInfo]) -> Found:
    for entry in types:
        said = entry.get("ContentType", "")
        if "macroenabled" in said.lower() or "vbaproject" in said.lower():
            raise Refused(Reason.MACROS)
    for entry in types:
        if (found := _MAIN_PARTS.get(entry.get("ContentType", ""))) is not None:
            if entry.get("PartName", "").lstrip("/").lower() not in members:
                raise Refused(Reason.DAMAGED)
            return found
    return Found.OTHER_OFFICE


def _check_manifest(package: ZipFile, members: dict[str, ZipInfo]) -> None:
    manifest = members.get("meta-inf/manifest.xml")
    if manifest is None or "content.xml" not in members:
        raise Refused(Reason.DAMAGED)
    if any(item.tag.endswith("}encryption-data") for item in _tree(package, manifest).iter()):
        raise Refused(Reason.ENCRYPTED)


def _tree(package: ZipFile, item: ZipInfo) -> Element:
    if item.file_size > _MAX_CATALOGUE:
        raise Refused(Reason.BOMB)
    return _parsed(package.read(item))


def _parsed(data: bytes) -> Element:
    try:
        return fromstring(data)  # type: ignore[no-any-return]  # defusedxml has no types
    except DefusedXmlException:
        raise Refused(Reason.ENTITIES) from None
    except ParseError:
        raise Refused(Reason.DAMAGED) from None


def _packed_anew(package: ZipFile, members: dict[str, ZipInfo], depth: int) -> memoryview:
    out = io.BytesIO()
    with ZipFile(out, "w") as packed:
        for item in _mimetype_first(members):
            clean = ZipInfo(item.filename)
            clean.compress_type = ZIP_STORED if item.filename == "mimetype" else ZIP_DEFLATED
            packed.writestr(clean, _part(item.filename, package.read(item), depth))
    return out.getbuffer()


def _mimetype_first(members: dict[str, ZipInfo]) -> Iterator[ZipInfo]:
    if "mimetype" in members:
        yield members["mimetype"]
    yield from (item for name, item in members.items() if name != "mimetype")


def _part(name: str, data: bytes, depth: int) -> bytes | memoryview:
    """Return a part as it may stay; raise `Refused` for one that may not."""
    lowered = name.lower()
    if _MACRO_PARTS.search(name):
        raise Refused(Reason.MACROS)
    if lowered.endswith(_XML_NAMES):
        return _xml_part(lowered, data)
    found = sniff(data)
    if found in KINDS and KINDS[found].family is Family.PICTURE:
        return images.scrub(data, found)
    if found is Found.ZIP:
        return _enclosed(data, depth)
    if found in {Found.PDF, Found.OLD_OFFICE, Found.PROGRAM}:
        raise Refused(Reason.ATTACHMENTS)
    if data.startswith((b"II*\x00", b"MM\x00*")) or data[4:8] == b"ftyp":
        raise Refused(Reason.PICTURE_INSIDE)
    return data


def _enclosed(data: bytes, depth: int) -> memoryview:
    if depth >= _MAX_DEPTH:
        raise Refused(Reason.BOMB)
    found, clean = scrub(io.BytesIO(data), depth + 1)
    if found not in KINDS:
        raise Refused(Reason.ATTACHMENTS)
    return clean


def _xml_part(lowered: str, data: bytes) -> bytes:
    if not data.strip():
        return data
    _check_xml(data)
    if lowered.endswith(".rels") and b"External" in data:
        return _without_remote(data)
    if lowered in _PROPERTIES:
        return _without_persons(data)
    return data


def _check_xml(data: bytes) -> None:
    """Read XML without keeping it: it may be as large as the whole archive."""
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _refuse_entity
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise Refused(Reason.DAMAGED) from None


def _refuse_entity(*_declaration: object) -> None:
    raise Refused(Reason.ENTITIES)


def _without_remote(data: bytes) -> bytes:
    root = _parsed(data)
    changed = False
    for entry in root:
        if entry.get("TargetMode") != "External":
            continue
        kind, target = entry.get("Type", ""), entry.get("Target", "")
        if kind.endswith(_LOADED) and _ELSEWHERE.match(target):
            raise Refused(Reason.REMOTE)
        if kind.endswith(_TEMPLATE):
            entry.set("Target", _NO_TEMPLATE)
            changed = True
    return _written(root) if changed else data


def _without_persons(data: bytes) -> bytes:
    root = _parsed(data)
    for item in root.iter():
        if item.tag in _PERSONS:
            item.text = ""
        # The value names a prefix, which is ours from now on.
        if item.tag.startswith(_DCTERMS) and _XSI_TYPE in item.attrib:
            item.set(_XSI_TYPE, "dcterms:W3CDTF")
    return _written(root)


def _written(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written

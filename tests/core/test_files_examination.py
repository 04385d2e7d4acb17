"""What is taken, what is refused, and what remains of a file."""

from __future__ import annotations

import io
import zipfile

import docx
import openpyxl
import pytest
from PIL import Image, ImageCms

from policytrack.core.files import images, office, pdf
from policytrack.core.files.examination import examine
from policytrack.core.files.kinds import Found, extension_of, sniff
from policytrack.core.files.refusals import Reason, Refused
from tests.core import files_made as made

LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>'
OUTSIDE = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>'
RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
)


def kept_of(data: bytes, extension: str) -> bytes:
    """Return what is kept of a file that is packed anew."""
    kept = examine(data, extension).data
    assert kept is not None
    return bytes(kept)


def packed(data: bytes) -> tuple[Found, bytes]:
    """Return what an archive is, and the archive packed anew."""
    found, kept = office.scrub(io.BytesIO(data))
    return found, bytes(kept)


def blanked(data: bytes) -> bytes:
    """Return a PDF without what is to be blanked in it."""
    changed = bytearray(data)
    for start, length in pdf.scrub(io.BytesIO(data)):
        changed[start : start + length] = bytes(length)
    return bytes(changed)


@pytest.mark.parametrize(
    ("data", "extension", "found"),
    [
        (made.pdf(), "pdf", Found.PDF),
        (made.document(), "docx", Found.DOCX),
        (made.workbook(), "xlsx", Found.XLSX),
        (made.text_document(), "odt", Found.ODT),
        (made.picture("JPEG"), "jpeg", Found.JPEG),
        (made.picture("PNG"), "png", Found.PNG),
        (made.picture("WEBP"), "webp", Found.WEBP),
    ],
)
def test_every_promised_kind_is_taken_whatever_its_name(
    data: bytes, extension: str, found: Found
) -> None:
    assert examine(data, extension).found is found
    assert examine(data, "").found is found
    assert examine(data, "dat").found is found


def test_a_picture_named_like_another_picture_is_taken() -> None:
    assert examine(made.picture("WEBP"), "jpg").found is Found.WEBP


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.pdf", Reason.EMPTY),
        (b"\x00\x01\x02\x03", "a", Reason.NOT_TAKEN),
        (b"words", "a.txt", Reason.NOT_TAKEN),
        (b"GIF89a....", "a.gif", Reason.NOT_TAKEN),
        (b"<svg xmlns='x'/>", "a.svg", Reason.NOT_TAKEN),
        (made.archive([("a.txt", "a")]), "a.zip", Reason.NOT_TAKEN),
        (made.OLE + bytes(600), "a.doc", Reason.NOT_TAKEN),
        (b"\x00\x01\x02\x03", "a.pdf", Reason.DAMAGED),
        (made.OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", Reason.ENCRYPTED),
        (made.pdf(password="secret"), "a.pdf", Reason.ENCRYPTED),
        (made.text_document(encrypted=True), "a.odt", Reason.ENCRYPTED),
        (made.pdf(script="app.alert('x')"), "a.pdf", Reason.SCRIPTS),
        (made.pdf(root=made.launch()), "a.pdf", Reason.SCRIPTS),
        (made.pdf(attachment=b"MZ"), "a.pdf", Reason.ATTACHMENTS),
        (made.pdf(pages=0), "a.pdf", Reason.DAMAGED),
        (made.pdf()[:-40], "a.pdf", Reason.DAMAGED),
        (made.pdf() + b"9 0 obj\n<</Cut", "a.pdf", Reason.DAMAGED),
        (b"%PDF-1.7\n" + bytes(500) + b"%%EOF", "a.pdf", Reason.DAMAGED),
        (made.document()[:-200], "a.docx", Reason.DAMAGED),
        (made.package(("word/styles.xml", "<a>")), "a.docx", Reason.DAMAGED),
        (made.package(("../../evil.xml", "<a/>")), "a.docx", Reason.DAMAGED),
        (made.package(("WORD/document.xml", "<b/>")), "a.docx", Reason.DAMAGED),
        (made.package(("word/vbaProject.bin", made.OLE)), "a.docx", Reason.MACROS),
        (made.package(("word/activeX/activeX1.xml", "<a/>")), "a.docx", Reason.MACROS),
        (made.package(("word/embeddings/oleObject1.bin", made.OLE)), "a.docx", Reason.ATTACHMENTS),
        (made.package(("word/embeddings/a.pdf", made.pdf())), "a.docx", Reason.ATTACHMENTS),
        (made.package(("word/media/a.tiff", b"II*\x00....")), "a.docx", Reason.PICTURE_INSIDE),
        (
            made.package(("word/media/a.jpg", made.picture()[:300])),
            "a.docx",
            Reason.DAMAGED_PICTURE,
        ),
        (made.package(("word/a.bin", bytes(20_000_000))), "a.docx", Reason.BOMB),
        (made.package(("word/styles.xml", LAUGHS)), "a.docx", Reason.ENTITIES),
        (made.package(("word/styles.xml", OUTSIDE)), "a.docx", Reason.ENTITIES),
        (made.archive([("[Content_Types].xml", LAUGHS)]), "a.docx", Reason.ENTITIES),
        (made.picture("JPEG")[:400], "a.jpg", Reason.DAMAGED_PICTURE),
        (made.picture("PNG")[:60], "a.png", Reason.DAMAGED_PICTURE),
        (b"\xff\xd8\xff\xe0" + bytes(100), "a.jpg", Reason.DAMAGED_PICTURE),
        (made.png(60_000, 60_000), "a.png", Reason.PIXELS),
        (made.png(7_200, 7_200), "a.png", Reason.PIXELS),
    ],
)
def test_hostile_and_broken_files_are_refused_for_the_right_reason(
    data: bytes, name: str, reason: Reason
) -> None:
    with pytest.raises(Refused) as refused:
        examine(data, extension_of(name))
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("data", "extension", "claimed", "found"),
    [
        (made.archive([("a.txt", "a")]), "pdf", Found.PDF, Found.ZIP),
        (b"MZ\x90\x00", "pdf", Found.PDF, Found.PROGRAM),
        (b"<!DOCTYPE html><script>", "pdf", Found.PDF, Found.WEB_PAGE),
        (b"\xef\xbb\xbf  <HTML>", "jpg", Found.JPEG, Found.WEB_PAGE),
        (made.document(), "pdf", Found.PDF, Found.DOCX),
        (made.pdf(), "png", Found.PNG, Found.PDF),
        (made.workbook(), "odt", Found.ODT, Found.XLSX),
    ],
)
def test_a_file_that_lies_about_its_type_is_told_what_it_is(
    data: bytes, extension: str, claimed: Found, found: Found
) -> None:
    with pytest.raises(Refused) as refused:
        examine(data, extension)
    assert refused.value.reason is Reason.DISGUISED
    assert refused.value.values == {"claimed": claimed, "found": found}


def test_macro_enabled_documents_are_refused_by_their_declared_type() -> None:
    types = made.TYPES.replace(
        b"vnd.openxmlformats-officedocument.wordprocessingml.document.main",
        b"vnd.ms-word.document.macroEnabled.main",
    )
    data = made.archive([("[Content_Types].xml", types), ("word/document.xml", "<a/>")])
    with pytest.raises(Refused, match="macros"):
        examine(data, "docm")


def test_too_many_parts_and_a_document_in_a_document_in_a_document_are_refused() -> None:
    many = made.package(*((f"word/{number}.bin", b"") for number in range(office.MAX_MEMBERS)))
    with pytest.raises(Refused, match="bomb"):
        packed(many)
    inner = made.package(("word/embeddings/a.docx", made.document()))
    with pytest.raises(Refused, match="bomb"):
        packed(made.package(("word/embeddings/b.docx", inner)))
    assert packed(made.package(("word/embeddings/a.xlsx", made.workbook())))[0] is Found.DOCX


def test_a_moving_picture_is_refused_but_a_telephones_second_picture_only_dropped() -> None:
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    for form, found in (("PNG", Found.PNG), ("WEBP", Found.WEBP)):
        out = io.BytesIO()
        frames[0].save(out, form, save_all=True, append_images=frames[1:], duration=90)
        with pytest.raises(Refused, match="moving"):
            images.scrub(out.getvalue(), found)
    out = io.BytesIO()
    frames[0].save(out, "MPO", save_all=True, append_images=frames[1:])
    kept = images.scrub(out.getvalue(), Found.JPEG)
    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.format == "JPEG"


@pytest.mark.parametrize(
    ("form", "found"), [("JPEG", Found.JPEG), ("PNG", Found.PNG), ("WEBP", Found.WEBP)]
)
def test_place_device_and_all_else_that_is_not_seen_leaves_a_picture(
    form: str, found: Found
) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options: dict[str, object] = {
        "exif": made.traces(),
        "icc_profile": profile,
        "xmp": b"<x:xmpmeta>TelephoneMaker</x:xmpmeta>",
    }
    if form == "JPEG":
        options["comment"] = b"TelephoneMaker"
    if form == "PNG":
        del options["xmp"]
    data = made.picture(form, **options) + b"TelephoneMaker: hidden behind the picture"
    assert b"TelephoneMaker" in data

    kept = images.scrub(data, found)

    assert b"TelephoneMaker" not in kept
    with Image.open(io.BytesIO(kept)) as opened:
        assert not opened.getexif()
        assert not {"icc_profile", "xmp", "comment", "exif", "dpi"} & set(opened.info)
    assert images.scrub(data, found) == kept


def test_the_orientation_that_a_camera_noted_is_applied() -> None:
    kept = images.scrub(made.picture("JPEG", exif=made.traces(orientation=6)), Found.JPEG)
    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.size == (20, 40)
        assert opened.convert("RGB").getpixel((10, 2))[1] < 60  # type: ignore[index]  # a triple
        assert opened.convert("RGB").getpixel((10, 37))[1] > 200  # type: ignore[index]  # likewise


def test_a_pictures_colours_and_transparency_stay() -> None:
    clear = Image.new("RGBA", (4, 4), (10, 20, 30, 40))
    palette = Image.new("P", (4, 4), 0)
    palette.putpalette([200, 10, 10] * 256)
    inks = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    for drawn, form, found, expected in (
        (clear, "PNG", Found.PNG, (10, 20, 30, 40)),
        (palette, "PNG", Found.PNG, (200, 10, 10, 255)),
    ):
        out = io.BytesIO()
        drawn.save(out, form)
        with Image.open(io.BytesIO(images.scrub(out.getvalue(), found))) as opened:
            assert opened.convert("RGBA").getpixel((1, 1)) == expected
    out = io.BytesIO()
    inks.save(out, "JPEG")
    with Image.open(io.BytesIO(images.scrub(out.getvalue(), Found.JPEG))) as opened:
        assert opened.mode == "RGB"
        red, green, _blue = opened.getpixel((8, 8))  # type: ignore[misc]  # a triple
        assert red > 200
        assert green < 60


def test_a_pdf_keeps_its_bytes_but_its_photographs_lose_place_and_device() -> None:
    plain = made.pdf(photograph=made.picture())
    assert blanked(plain) == plain
    data = made.pdf(photograph=made.picture(exif=made.traces(), xmp=b"<x>TelephoneMaker</x>"))
    assert data.count(b"TelephoneMaker") == 2

    kept = blanked(data)

    assert len(kept) == len(data)
    assert b"TelephoneMaker" not in kept
    assert b"Exif" not in kept
    assert blanked(kept) == kept


def test_a_signed_pdf_is_not_quietly_broken() -> None:
    signed = made.pdf(photograph=made.picture(exif=made.traces()))
    signed = signed.replace(b"startxref", b"%/ByteRange\nstartxref")
    with pytest.raises(Refused, match="signed_photograph"):
        blanked(signed)


def test_a_pdf_that_circles_or_nests_without_end_is_answered() -> None:
    deep = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R/X " + b"[" * 100_000 + b">>\n%%EOF"
    with pytest.raises(Refused, match="damaged"):
        blanked(deep)


def test_a_word_document_loses_its_author_and_the_places_of_its_photographs() -> None:
    photograph = made.picture(exif=made.traces())
    data = made.document(author="Sita Example", image=photograph)

    kept = kept_of(data, "docx")

    everything = b"".join(made.parts(kept).values())
    assert b"Sita Example" not in everything
    assert b"TelephoneMaker" not in everything
    opened = docx.Document(io.BytesIO(kept))
    assert opened.paragraphs[0].text == "Decision 12"
    assert opened.core_properties.title == "Title of the decision"
    assert opened.core_properties.created is not None
    assert len(opened.inline_shapes) == 1


def test_a_workbook_and_a_text_document_lose_their_author_and_still_open() -> None:
    book = kept_of(made.workbook(), "xlsx")
    assert b"Sita Example" not in b"".join(made.parts(book).values())
    assert openpyxl.load_workbook(io.BytesIO(book)).active["A1"].value == 1180

    text = kept_of(made.text_document(), "odt")
    kept = made.parts(text)
    assert next(iter(kept)) == "mimetype"
    assert b"Sita Example" not in kept["meta.xml"]
    assert b"Title" in kept["meta.xml"]
    assert kept["content.xml"].decode() == "<a>كلمة</a>"
    # Programs tell an OpenDocument file by its first part, which must not be compressed.
    assert text[30:77] == b"mimetypeapplication/vnd.oasis.opendocument.text"


def test_the_same_document_always_gives_the_same_bytes_without_its_archives_times() -> None:
    data = made.document()
    kept = kept_of(data, "docx")
    assert kept_of(data, "docx") == kept
    with zipfile.ZipFile(io.BytesIO(kept)) as packed:
        assert {item.date_time for item in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_templates_address_goes_and_what_would_be_fetched_is_refused() -> None:
    rels = "word/_rels/settings.xml.rels"
    for target in ("file:///C:/Users/sita/t.dotm", "https://evil.example/t.dotm"):
        part = RELATION.format(kind="attachedTemplate", target=target)
        kept = made.parts(packed(made.package((rels, part)))[1])[rels]
        assert b"Normal.dotm" in kept
        assert target.encode() not in kept
    for target in ("https://evil.example/a", r"\\evil.example\a", r"file:///\\evil.example\a"):
        part = RELATION.format(kind="oleObject", target=target)
        with pytest.raises(Refused, match="remote"):
            packed(made.package((rels, part)))
    link = RELATION.format(kind="hyperlink", target="https://www.ilo.org")
    assert made.parts(packed(made.package((rels, link)))[1])[rels] == link.encode()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"MM\x00*", Found.OTHER_PICTURE),
        (b"\x00\x00\x00\x18ftypheic", Found.OTHER_PICTURE),
        (b"\x00\x00\x00\x18ftypmp42", Found.FILM),
        (b"Rar!\x1a\x07\x00", Found.ARCHIVE),
        (b"{\\rtf1", Found.RICH_TEXT),
        (b"#!/bin/sh", Found.PROGRAM),
        ("نص".encode(), Found.TEXT),
        ("نص".encode() * 2000 + b"a", Found.TEXT),
        (b" <html>%PDF-1.4", Found.WEB_PAGE),
        (b"a" + made.pdf(), Found.UNKNOWN),
    ],
)
def test_what_is_not_taken_is_still_named(data: bytes, found: Found) -> None:
    assert sniff(data) is found

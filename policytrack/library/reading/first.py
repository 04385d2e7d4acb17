"""Make the page that the readers are warmed up with."""

from __future__ import annotations

_FONTS = ("Helvetica", "Helvetica-Bold", "Times-Roman", "Times-Bold", "Times-Italic", "Courier")
_LINE = "The employer shall pay the fees of recruitment, and no worker any part of them."


def page() -> bytes:
    """Return a PDF of one page, with a line in each of the fonts that files do not bring along."""
    names = range(len(_FONTS))
    drawn = " ".join(f"/F{name} 10 Tf ({_LINE}) Tj 0 -14 Td" for name in names)
    stream = f"BT 50 800 Td {drawn} ET"
    used = " ".join(f"/F{name} {name + 5} 0 R" for name in names)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        f" /Resources << /Font << {used} >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        *(f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} >>" for font in _FONTS),
    ]
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    out += (
        f"xref\n0 {count}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    )
    return out.encode("ascii")

"""Draw pictures anew, so that nothing but what is seen remains of them.

Place, device, time, thumbnails, comments and whatever was hidden behind the picture go; the
orientation that the camera noted is applied, and colours are brought to sRGB before their profile
goes. The same picture always gives the same bytes.
"""

from __future__ import annotations

import io
import struct
import warnings
from typing import Any

from PIL import Image, ImageCms, ImageOps, JpegImagePlugin, UnidentifiedImageError

from policytrack.core.files.kinds import Found
from policytrack.core.files.refusals import Reason, Refused

# Telephones take 12 to 50 million pixels; each needs 4 bytes and more while it is drawn.
MAX_PIXELS = 50_000_000
# Pillow's names: a picture is only ever read as what its first bytes say it is.
_FORMATS = {Found.JPEG: "JPEG", Found.PNG: "PNG", Found.WEBP: "WEBP"}
_JPEG_QUALITY = 90
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    struct.error,
    OverflowError,
    UnidentifiedImageError,
)


def scrub(data: bytes, found: Found) -> bytes:
    """Return a picture without all that is not seen.

    Raises `Refused` for one that is damaged, cut short, moving or absurdly large.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=[_FORMATS[found]]) as picture:
                return _drawn_anew(picture, data, found)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise Refused(Reason.PIXELS) from None
        except _BROKEN:
            raise Refused(Reason.DAMAGED_PICTURE) from None


def _drawn_anew(picture: Image.Image, data: bytes, found: Found) -> bytes:
    if picture.width * picture.height > MAX_PIXELS:
        raise Refused(Reason.PIXELS)
    # A JPEG with more pictures carries depth maps and previews, of which the first is the picture.
    if found is not Found.JPEG and getattr(picture, "is_animated", False):
        raise Refused(Reason.MOVING)
    options = _options(picture, data, found)
    picture.load()
    drawn = _in_srgb(ImageOps.exif_transpose(picture))
    if found is Found.JPEG and drawn.mode not in {"L", "RGB"}:
        # Numbers chosen for inks would spoil a picture in light.
        drawn = drawn.convert("RGB")
        options = {"quality": _JPEG_QUALITY}
    keep = {"transparency"} if found is Found.PNG else set()
    drawn.info = {key: value for key, value in drawn.info.items() if key in keep}
    out = io.BytesIO()
    try:
        drawn.save(out, format=_FORMATS[found], **options)
    except (OSError, ValueError):  # it could be read: the writer had too little memory
        raise Refused(Reason.TOO_HARD) from None
    return out.getvalue()


def _options(picture: Image.Image, data: bytes, found: Found) -> dict[str, Any]:
    if found is Found.PNG:
        return {"compress_level": 6}
    if found is Found.WEBP:
        # The slower methods take ten times as long for a tenth fewer bytes.
        if b"VP8L" in data[:64]:
            return {"lossless": True, "quality": 20, "method": 0}
        return {"quality": 90, "method": 2}
    # The same numbers of fineness as before: hardly anything is lost by writing it again.
    if isinstance(picture, JpegImagePlugin.JpegImageFile) and picture.mode in {"L", "RGB"}:
        options: dict[str, Any] = {"qtables": picture.quantization}
        if picture.mode == "RGB":
            options["subsampling"] = JpegImagePlugin.get_sampling(picture)
        return options
    return {"quality": _JPEG_QUALITY}


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"RGB", "RGBA", "CMYK"}:
        return picture
    wanted = "RGB" if picture.mode == "CMYK" else picture.mode
    try:
        converted = ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode=wanted,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # a broken profile says nothing about the colours
    return converted or picture

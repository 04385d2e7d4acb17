"""Read the forms about the workbook."""

from __future__ import annotations

import re

from wtforms import BooleanField, FileField, HiddenField

from policytrack.core.forms import BaseForm
from policytrack.core.i18n import lazy_gettext as _


class UploadForm(BaseForm):
    """Take a workbook."""

    file = FileField(
        _("Workbook"),
        description=_("An .xlsx file, best made from the export."),
        render_kw={
            "accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        },
    )


class ExportForm(BaseForm):
    """Take what the export shall hold."""

    demonstration = BooleanField(_("With demonstration content, each row marked as such"))


class _StampField(HiddenField):  # type: ignore[misc]  # WTForms has no types
    """Carry the stamp of the report that was shown; whatever is none fits no report."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what has the shape of a stamp."""
        stamp = valuelist[0] if valuelist else ""
        self.data = stamp if re.fullmatch(r"[0-9a-f]{40}", stamp) else ""


class ApplyForm(BaseForm):
    """Take the word that what was shown shall be done."""

    stamp = _StampField(default="")
    invite = BooleanField(_("Send invitations to the new people"))


class DiscardForm(BaseForm):
    """Be good for taking one waiting workbook away."""

"""A sentence that is spoken later is text like any other: nothing that was typed into it runs."""

from __future__ import annotations

from flask import Flask, render_template_string

from policytrack.core.i18n import lazy_gettext as _


def test_what_somebody_typed_is_escaped_in_a_page(app: Flask) -> None:
    with app.test_request_context():
        sentence = _("%(name)s: %(reason)s", name="<script>", reason="a & b")
        shown = render_template_string('<p title="{{ it }}">{{ it }}</p>', it=sentence)
        assert shown == ('<p title="&lt;script&gt;: a &amp; b">&lt;script&gt;: a &amp; b</p>')
        assert str(sentence) == "<script>: a & b"

"""Every private part of a library that we lean on: nobody promised to keep it, so each upgrade may break it.

``path`` is a module, a colon, and a name in it. ``signature`` is what a function took when we last looked, ``None`` for
what is not called. ``why`` completes "we use it …".
"""

from typing import NamedTuple

# The releases with which we last looked at all of it. After an upgrade: look again, and write the new one here.
LOOKED_AT = {"jinja2": "3.1.6", "openpyxl": "3.1.5", "pygal": "3.1.3", "weasyprint": "70.0", "werkzeug": "3.1.9"}

# What the documentation of a library names; other modules of these libraries are private.
DOCUMENTED = {
    "weasyprint": ("weasyprint", "weasyprint.text.fonts", "weasyprint.urls"),
    "pygal": ("pygal", "pygal.style"),
    "rq": ("rq", "rq.cron", "rq.exceptions", "rq.job"),
    "govuk_frontend_wtf": ("govuk_frontend_wtf.main", "govuk_frontend_wtf.wtforms_widgets"),
    "jinja2": ("jinja2", "jinja2.exceptions"),
}


class Hook(NamedTuple):
    """One private part."""

    path: str
    signature: str | None
    files: tuple[str, ...]
    why: str

    @property
    def library(self) -> str:
        """The package that has it."""
        return self.path.partition(":")[0].partition(".")[0]

    @property
    def name(self) -> str:
        """The last of its names, as it stands in our code."""
        return self.path.rpartition(":")[2].rpartition(".")[2]


_TEXT = "certificates/drawing/reuse/replaceable_text.py"
_FONTS = "certificates/drawing/reuse/font_superset.py"
_WHOLE = "certificates/drawing/whole_pdf.py"
_PICTURES = "certificates/drawing/pdf_pictures.py"

# fmt: off
HOOKS = (
    Hook(
        "openpyxl.worksheet._read_only:ReadOnlyWorksheet._worksheet_path", None, ("people/feed/reading/workbooks.py",),
        "to find the text of a sheet, which says what is hidden, merged or a formula without a result",
    ),
    Hook(
        "weasyprint:HTML._ua_stylesheets", "(self, forms=False)", (_WHOLE,),
        "to give elements ten lines of style in place of a browser's whole sheet, which takes an eighth of the time",
    ),
    Hook(
        "weasyprint.document:Page._page_box", None, ("typesetting/actual_text.py",),
        "to know each line of the layout, so that the file can say its language and its letters",
    ),
    Hook(
        "weasyprint.css:ColorProfile", "(file_object, src, rendering_intent, components)",
        ("certificates/drawing/standards.py",), "to hand in the colour profile of PDF/A, read once",
    ),
    Hook(
        "weasyprint.images:RasterImage.get_x_object", "(self, interpolate, dpi_ratio)", (_PICTURES,),
        "to put pictures into files without decoding and encoding them again",
    ),
    Hook(
        "weasyprint.images:RasterImage.draw", "(self, stream, concrete_width, concrete_height, style)", (_PICTURES,),
        "to draw those pictures",
    ),
    Hook(
        "weasyprint.pdf.stream:Stream.add_image", "(self, image, interpolate, ratio)", (_PICTURES,),
        "to name those pictures",
    ),
    Hook(
        "weasyprint.pdf.stream:Stream.clone", "(self, **kwargs)", ("certificates/drawing/reuse/__init__.py",),
        "to draw lines of text beside the page",
    ),
    Hook(
        "weasyprint.draw.text:draw_first_line", "(stream, textbox, text_overflow, block_ellipsis, matrix)", (_TEXT,),
        "to draw a name as WeasyPrint draws it",
    ),
    Hook(
        "weasyprint.matrix:Matrix", "(a=1, b=0, c=0, d=1, e=0, f=0, matrix=None)", (_TEXT,),
        "to say where a name stands",
    ),
    Hook("weasyprint.formatting_structure.boxes:BlockBox", None, (_TEXT,), "to find the paragraphs that are filled in"),
    Hook(
        "weasyprint.text.line_break:create_layout", "(text, style, context, max_width, justification_spacing)",
        (_TEXT, _FONTS), "to shape a name as WeasyPrint shapes it",
    ),
    Hook("weasyprint.text.line_break:line_size", "(line, style)", (_TEXT,), "to know how wide a name is"),
    Hook("weasyprint.text.ffi:pango", None, (_TEXT,), "to know on which height a name stands"),
    Hook("weasyprint.text.ffi:FROM_UNITS", None, (_TEXT,), "to count as Pango does"),
    Hook(
        "weasyprint.pdf.fonts:build_fonts_dictionary", "(pdf, fonts, compress, subset, options)", (_FONTS,),
        "to make fonts with the letters of all certificates of a kind",
    ),
    Hook("weasyprint.pdf.fonts:Font.to_unicode", None, (_TEXT, _FONTS), "to know and set the letters of a font"),
    Hook("weasyprint.pdf.fonts:Font.widths", None, (_TEXT, _FONTS), "to know and set the widths of letters"),
    Hook("weasyprint.pdf.fonts:Font.missing", None, (_TEXT, _FONTS), "to refuse a name with a letter that no font has"),
    Hook(
        "pygal:HorizontalStackedBar._compute", "(self)", ("reports/chart.py",),
        "to let bars begin where the text beside them does",
    ),
    Hook("pygal:HorizontalStackedBar._box", None, ("reports/chart.py",), "to take the margin from bars"),
    Hook("pygal:HorizontalStackedBar._series_margin", None, ("reports/chart.py",), "to set the width of bars"),
    Hook(
        "pygal.etree:etree", None, ("reports/chart.py", "reports/rating_chart.py"),
        "to write SVG with the library with which pygal wrote it",
    ),
    Hook(
        "werkzeug.wrappers:Request._get_file_stream",
        "(self, total_content_length, content_type, filename=None, content_length=None)",
        ("app/platform/pages/upload_limits.py",), "to keep small uploads in memory, off the disk",
    ),
    Hook(
        "jinja2.utils:missing", None, ("app/platform/pages/templating.py",),
        "to tell a key that a mapping lacks from a name that a template got wrong",
    ),
)
# fmt: on

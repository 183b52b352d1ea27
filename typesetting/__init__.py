"""Fonts that every PDF shares: which face draws which script, what letters a glyph stands for, outlines of large fonts.

Imports WeasyPrint in ``font_fetcher`` and pydyf in ``actual_text`` alone, so no web process may import those.
"""

"""Figures for people who read them away from their page: the notes beside them, and the report for a board.

Says what stands in a document. ``reports/pdf.py`` draws it, and nothing here imports that.
"""

"""Tests, room by room as the product is laid out."""

"""Figures of an authority or a unit: pages, downloads, charts and ratings, with small groups hidden."""

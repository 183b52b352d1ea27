"""How long figures of a large authority take."""

"""What several audiences do about courses that are asked: one nudge, and the fields of an exemption."""

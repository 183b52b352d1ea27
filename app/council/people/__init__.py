"""People by name and how far they are, for those who may act on it. Each opening is in the audit trail."""

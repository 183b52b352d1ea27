"""How long things are kept: a rule for each kind of record, what it would take today, and taking it."""

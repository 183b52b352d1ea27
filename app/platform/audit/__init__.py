"""The audit trail as people read it: what each act is called, and what an entry says in a sentence."""

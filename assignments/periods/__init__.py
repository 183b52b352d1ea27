"""For how long a completion is valid: rules, their words, and the arithmetic. Pure: no session, no clock."""

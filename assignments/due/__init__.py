"""By when: rules for due dates, the working days of England, and the arithmetic. Pure: no session, no clock."""

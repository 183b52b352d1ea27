"""Which authority asks its people for which course: asking, changing the day, and no longer asking."""

"""My learning, a course’s own page, its words, its pictures, and the examples that fit somebody’s job."""

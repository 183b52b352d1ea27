"""From a course as versions store it back to the files that an author writes. Pure: no session, and no files read."""

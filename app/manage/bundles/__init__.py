"""The files of courses: uploading and downloading them, copies, and what an author needs to begin."""

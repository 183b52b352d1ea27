"""What learners, authors and managers share when a course is drawn. No view lives here."""

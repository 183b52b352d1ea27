"""Where a learner is, and the page that shows it: shared by reading, answering, quizzes and own words."""

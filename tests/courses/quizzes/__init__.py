"""Taking quizzes: policy, sittings, adjustments and skipping."""

"""What is stored of learning: attempts, answers, quizzes as they were taken, and completions. Nothing here decides."""

"""What learners say for themselves: plans, statements, comments, team meetings and their messages."""

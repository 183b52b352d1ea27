"""What learners say for themselves: plans, reflections, ratings and comments. Only their own pages read the words."""

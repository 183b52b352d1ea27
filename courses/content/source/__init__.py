"""From bytes to text and YAML with line numbers, and the findings that name both."""

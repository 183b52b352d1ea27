"""Learning together: ten-minute team talks, and the pack for a live session."""

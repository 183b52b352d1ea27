"""Completions put right, and that taken back."""

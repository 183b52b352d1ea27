"""Erasing a person so that the figures stay true: what was counted stays, and nothing in it says who it was."""

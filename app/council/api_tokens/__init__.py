"""Tokens for programs that read figures of an authority: made, shown once, revoked."""

"""How an authority’s certificates look: its branding in versions, the rules for it, and the three designs."""

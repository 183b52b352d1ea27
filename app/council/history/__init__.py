"""Past learning of an authority's people: files of it, what each would do, and what belongs to nobody yet."""

"""Numbers of mobile phones: how people write them, and how they are kept. Pure."""

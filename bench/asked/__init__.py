"""How fast everybody is held against what is asked of them."""

"""Pictures, sound, film and captions of a bundle: what they really are, and whether browsers can show them."""

"""By which rule an authority accepts earlier training."""

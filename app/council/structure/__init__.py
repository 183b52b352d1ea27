"""The units of an authority: as they are on a day, one with its history, adding one, and reorganising them."""

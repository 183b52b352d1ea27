"""What corrections of the record change in the figures, before they are made."""

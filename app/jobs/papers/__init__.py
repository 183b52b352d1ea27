"""Documents of figures: found, drawn, kept, and deleted when their time is over."""

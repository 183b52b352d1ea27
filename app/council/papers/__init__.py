"""Documents of figures that leave the building: the report for a board, made by a worker and handed out here."""

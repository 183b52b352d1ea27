"""Taking a quiz: its panel, its questions, handing in, and asking for another try."""

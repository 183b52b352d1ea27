"""Measurements of the record of people: finding somebody among hundreds of thousands."""

"""Tests of what measures: a driver that answers wrongly would measure something else."""

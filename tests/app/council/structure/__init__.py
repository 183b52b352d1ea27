"""The pages about units and reorganisations."""

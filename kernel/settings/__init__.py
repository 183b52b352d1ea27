"""What can be wrong with the values of settings. Pure."""

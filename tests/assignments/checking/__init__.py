"""The nightly count in two ways."""

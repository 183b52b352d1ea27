"""What `make` installs: Debian packages, Python packages, the front end, and the demo's database."""

"""What stands between a request and a view: security headers, limits, errors, assets, templates and navigation."""

"""Every address, argument and field of the site, given what nobody expects. Nothing is listed: all of it is found."""

"""Certificates for many people at once, for those who may: issuing, issuing anew, runs, zips and their mails."""

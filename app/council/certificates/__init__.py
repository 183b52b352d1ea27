"""Certificates by the thousand, for those who may: issuing, issuing anew, runs, zips and their mails."""

"""Certificates by the thousand: the preview, issuing, issuing anew, their mails and their progress."""

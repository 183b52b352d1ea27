"""What learners, admins and the public share of a certificate: its page, and handing out its file."""

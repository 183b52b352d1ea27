"""What an admin does to one certificate: issue it anew, revoke it, restore it."""

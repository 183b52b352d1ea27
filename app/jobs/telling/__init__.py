"""What people are told: how each kind of message is composed, and texts that leave."""

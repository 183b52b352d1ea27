"""The platform as admins look after it: messages, quiz tries and local wording."""

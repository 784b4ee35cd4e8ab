"""Messages, and their delivery from the outbox."""

"""Storage, services, pages and commands, on both databases."""

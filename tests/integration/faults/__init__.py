"""What stays true when a process dies, or the database is away, busy, full or damaged."""

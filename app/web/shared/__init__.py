"""What every page needs: errors, sessions, protection of forms, locale."""

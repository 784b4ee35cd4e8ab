"""A panelist's requests, from the personal link to the receipt."""

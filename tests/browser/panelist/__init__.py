"""A panelist's way in Chromium, from the personal link to the receipt."""

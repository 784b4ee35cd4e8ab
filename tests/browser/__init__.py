"""The pages in Chromium, as people meet them."""

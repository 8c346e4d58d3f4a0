"""A real Chromium against a real server."""

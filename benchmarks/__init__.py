"""What measures speed. Never part of the tests, never imported by the package."""

"""The public catalogue: courses of all providers, without those that are private."""

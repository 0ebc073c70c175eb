"""What happened, in order: an append-only feed, written in the transactions of the changes that it tells of."""

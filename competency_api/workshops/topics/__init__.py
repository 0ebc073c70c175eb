"""What is ranked in a workshop: topics, their options, and when ballots are taken."""

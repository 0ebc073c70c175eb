"""What the ballots of a workshop say, and who may see it when."""

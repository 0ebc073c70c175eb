"""What reviewers look at, what they decide, and how an author settles what others changed meanwhile."""

"""What tables and the plenary concluded: every version of each text, sealed and signed."""

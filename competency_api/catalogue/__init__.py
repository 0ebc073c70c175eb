"""Published versions as people and programs meet them: named, kept in memory, listed and compared, by HTTP and command."""

"""Published versions as people and programs meet them: named, kept, listed and compared, by HTTP and command."""

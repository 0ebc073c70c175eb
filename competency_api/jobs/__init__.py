"""Long work that is done later, by any number of workers: a queue in the database, with progress and result."""

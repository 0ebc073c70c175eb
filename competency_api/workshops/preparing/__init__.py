"""A workshop with all that it is made of, at once: everything that was asked for, or nothing and all that is wrong."""

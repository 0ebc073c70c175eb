"""How proposals are written: their changes read, checked on what the author saw, stored and changed."""

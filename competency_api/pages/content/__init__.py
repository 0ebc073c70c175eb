"""What each page shows, as plain values for its template; nothing here knows requests or databases."""

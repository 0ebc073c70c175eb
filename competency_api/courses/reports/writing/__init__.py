"""Coverage written down for people and spreadsheets: tables, the heat map, the page and its words."""

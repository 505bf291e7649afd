"""Maps drawn on the server: Natural Earth's land as paths ready to be placed, and views of it. Knows no records."""

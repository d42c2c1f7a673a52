"""Maps and covers, drawn on the server as SVG: pure functions, and one view."""

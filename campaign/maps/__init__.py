"""What the map shows: layers, values, filters, differences, pictures."""

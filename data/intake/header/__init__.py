"""What a table's header says: which columns mean what, in which unit, and where the data begin."""

"""DATA CONTOH: an invented province whose truth is known."""

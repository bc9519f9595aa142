"""What a province is made of: area codes and levels, provinces, capitals, roles."""

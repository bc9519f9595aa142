"""Who may do what: accounts, signing in, roles from a provider's claims."""

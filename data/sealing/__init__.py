"""What an installation's own key seals: the audit's head, backups; and how a backup is locked by a passphrase."""

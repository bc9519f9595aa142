"""What the server does around the screens: faults, preparation, readiness, hosts, bundles."""

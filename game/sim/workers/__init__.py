"""Models of a server's threads: who accepts, who serves, how they learn that there is work."""

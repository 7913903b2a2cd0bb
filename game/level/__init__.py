"""What a level says: schema, loading, goals."""

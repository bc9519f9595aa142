"""Hot spots: where cases lie together."""

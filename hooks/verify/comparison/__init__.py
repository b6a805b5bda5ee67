"""A built site set against another build of the same project: which file, which element, and both texts."""

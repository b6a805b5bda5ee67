"""What a page shows without words: what is seen of it, and how dark or in which colour."""

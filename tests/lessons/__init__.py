"""The bundled lessons: each is played from start to end, and what it claims is held."""

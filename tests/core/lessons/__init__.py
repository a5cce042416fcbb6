"""Tests of lessons as text: reader, writer, goals, questions."""

"""Test conditions from the constraints of a story's criteria."""

"""From a story to the statements that can be tested."""

"""The generator's pure part: from a story to its test cases, without I/O, clock or randomness."""

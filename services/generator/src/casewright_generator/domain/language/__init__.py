"""English, just enough of it: words, clauses and what stands in quotation marks."""

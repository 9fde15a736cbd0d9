"""Which cases are let through, whoever wrote them."""

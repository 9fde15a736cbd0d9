"""Rules in a customary form, each with the cases that it always asks for."""

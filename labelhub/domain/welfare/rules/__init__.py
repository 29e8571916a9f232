"""One file for each family of rules. A rule answers for one limit and knows no other."""

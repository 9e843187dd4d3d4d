"""The best code we know for the same, without DataLens: what the figures are divided by."""

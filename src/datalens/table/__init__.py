"""Floor 3: open a dataset; say what its columns are; page, sort and count it, and show its values."""

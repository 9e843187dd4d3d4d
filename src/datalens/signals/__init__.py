"""Floor 3: columns computed from rows. So far: vectors from texts, and vectors that users bring."""

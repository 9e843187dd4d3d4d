"""Floor 4: one dataset under study, headless: columns and versions, clauses, focus, lock, history."""

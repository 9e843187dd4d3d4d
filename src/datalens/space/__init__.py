"""Floor 3: from vectors to a map. Neighbours, projection, clusters and their names; points as the map ships them."""

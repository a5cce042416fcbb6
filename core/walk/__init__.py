"""One recorded iteration, walkable op by op, and where every number of it comes from."""

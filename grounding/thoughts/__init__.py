"""Chain of thought: a teacher that says only what the tree shows, and the gate for any teacher."""

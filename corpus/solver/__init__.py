"""The solver: from what there is and what a recipe wants to the tokens of each cell."""

"""Other people's forms of actions and samples: pure functions of a canonical trajectory."""

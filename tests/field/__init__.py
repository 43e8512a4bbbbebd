"""Small inputs of the kinds that people have, with what the tool answers."""

"""The kinds of step, one file each: the value in a plan, and how it is executed.

Nothing is imported here: a new kind of step takes a new file, and a line in the plan that yields it.
"""

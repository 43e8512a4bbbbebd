"""The kinds of step, one file each: the value that a plan holds, and how it is executed.

Nothing is imported here, so that a new kind of step is a new file and the line of the plan that yields it.
"""

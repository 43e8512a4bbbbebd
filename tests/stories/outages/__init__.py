"""The stories, one file each: a module with a `STORY`."""

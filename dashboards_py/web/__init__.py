"""HTTP as this project speaks it: addresses taken apart, one session factory, and why there is no answer.

Nothing else imports requests. `address` is quick to import; `session` and `failure` take requests with them.
"""

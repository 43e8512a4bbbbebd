"""HTTP: parsing addresses, one session factory, and reasons for failed requests.

Nothing else imports requests. `address` is quick to import; `session` and `failure` import requests.
"""

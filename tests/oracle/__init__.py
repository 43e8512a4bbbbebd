"""Cilium's metrics by its own code: Go programs built on it, their output, and the catalogue compared with it.

    build -> run -> facts/VERSION/*.jsonl (committed) -> compare with the catalogue | rewrite the catalogue

`make catalogue CILIUM=1.20.2` does all of it for one version; the tests read what is committed and build nothing.
The programs are next to their data, in the tests, because nothing that is installed needs them.
"""

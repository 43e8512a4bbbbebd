"""Functions of PromQL that counters are made for."""

RATES = frozenset({"rate", "irate", "increase"})  # functions that look for resets
ACCEPT_COUNTERS = frozenset(
    {"rate", "irate", "increase", "delta", "idelta", "deriv", "resets", "changes", "predict_linear", "timestamp"}
    | {"count", "group", "absent", "absent_over_time", "present_over_time", "count_over_time", "count_values"}
    | {"and", "unless"}
)

"""PromQL functions for counters."""

RATES = frozenset({"rate", "irate", "increase"})  # functions that detect counter resets
ACCEPT_COUNTERS = frozenset(
    {"rate", "irate", "increase", "delta", "idelta", "deriv", "resets", "changes", "predict_linear", "timestamp"}
    | {"count", "group", "absent", "absent_over_time", "present_over_time", "count_over_time", "count_values"}
    | {"and", "unless"}
)
NEED_TWO_SAMPLES = RATES | {"delta", "idelta", "deriv", "predict_linear"}

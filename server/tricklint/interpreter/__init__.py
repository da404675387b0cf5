"""Run the training program abstractly: values, state, control flow, calls.  Knows no library."""

"""What `hecate analyze` does for a day, with pandas: the statistics and the hourly means of every metric of one day file."""
import resource
import sys

import pandas as pd

frame = pd.read_csv(sys.argv[1])
time = pd.to_datetime(frame.pop("timestamp"))
quantiles = frame.quantile([0.5, 0.75, 0.95, 0.99])
summary = pd.DataFrame({"min": frame.min(), "max": frame.max(), "mean": frame.mean()}).join(quantiles.T)
hourly = frame.groupby([time.dt.dayofweek, time.dt.hour]).mean()
column = summary.loc["cpu_usage_percent"]
print(",".join(repr(float(column[key])) for key in ["min", "max", "mean", 0.5, 0.75, 0.95, 0.99]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)

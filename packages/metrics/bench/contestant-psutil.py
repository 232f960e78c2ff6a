"""psutil under measurement: the same figures of all processes and of the machine, one pass for each line on standard input."""
import json
import sys
import time

import psutil

FIELDS = ["pid", "ppid", "name", "status", "cpu_times", "memory_info", "num_threads", "nice", "create_time", "io_counters"]

for _line in sys.stdin:
    before = time.process_time_ns()
    count = sum(1 for _ in psutil.process_iter(FIELDS))
    psutil.cpu_times(percpu=True)
    psutil.cpu_stats()
    psutil.virtual_memory()
    psutil.swap_memory()
    psutil.disk_io_counters(perdisk=True)
    psutil.net_io_counters(pernic=True)
    psutil.getloadavg()
    print(json.dumps({"cpu": time.process_time_ns() - before, "processes": count}), flush=True)

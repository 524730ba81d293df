#!/usr/bin/env python3
"""How often a launcher with nothing to do wakes up, and what it keeps in memory.

    idle.py [--usher COMMAND] [--bundles 100] [--seconds 60]

Counts the voluntary context switches of every thread of guard, launcher and holder (proc_pid_status(5)) over so many
seconds in which nobody knocks, and adds up their PSS (proc_pid_smaps_rollup(5))."""
import argparse
import pathlib
import shutil
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--usher", default=str(HERE / "../../../../launcher/bin/usher"))
parser.add_argument("--bundles", type=int, default=100)
parser.add_argument("--seconds", type=int, default=60)
options = parser.parse_args()


def processes(guard):
    """The guard and its children."""
    children = (pathlib.Path("/proc") / str(guard) / "task" / str(guard) / "children").read_text().split()
    return [str(guard)] + children


def field(file, name):
    for line in pathlib.Path(file).read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    return 0


def wake_ups(pids):
    return {
        (pid, task.name): field(task / "status", "voluntary_ctxt_switches")
        for pid in pids
        for task in pathlib.Path("/proc", pid, "task").iterdir()
    }


work = pathlib.Path(tempfile.mkdtemp(prefix="usher-idle"))
for number in range(options.bundles):
    bundle = work / "bundles" / f"idle{number}"
    (bundle / "service").mkdir(parents=True)
    (bundle / "sockets").mkdir()
    run = bundle / "service" / "run"
    run.write_text("#!/bin/sh\nexec sleep 600\n")
    run.chmod(0o755)
    (bundle / "sockets" / "s").write_text(f"{work}/{number}.sock\n")
places = ["--bundles", work / "bundles", "--run-dir", work / "run", "--log-dir", work / "log"]
launcher = subprocess.Popen([options.usher, *places, "run"], stdout=subprocess.PIPE, text=True)
try:
    for _ in range(options.bundles):
        launcher.stdout.readline()
    time.sleep(15)  # what is done a while after the start is over, too
    pids = processes(launcher.pid)
    before = wake_ups(pids)
    time.sleep(options.seconds)
    after = wake_ups(pids)
    woken = {task: after[task] - before.get(task, 0) for task in after}
    for (pid, task), times in sorted(woken.items()):
        if times:
            name = pathlib.Path("/proc", pid, "task", task, "comm").read_text().strip()
            print(f"{name} ({task}): {times / options.seconds:.2f} a second")
    print(f"{options.bundles} bundles: {sum(woken.values()) / options.seconds:.2f} wake-ups a second,",
          f"PSS {sum(field(f'/proc/{pid}/smaps_rollup', 'Pss') for pid in pids) / 1024:.1f} MiB")
finally:
    launcher.terminate()
    launcher.wait()
    shutil.rmtree(work)

#!/usr/bin/env python3
"""How long `usher order` takes, beside `dinit-check` on the same graph: the figures of docs/performance.md.

Trees are written below --dir, which should be in memory: file systems on disks differ more than programs do. Commands
take turns, so that what else the machine does hits all of them; medians are printed. A run during which others (or the
hypervisor) took more than --noise processors is repeated, and the quietest of five counts.
"""
import argparse
import os
import pathlib
import random
import shutil
import statistics
import tempfile
import time

HERE = pathlib.Path(__file__).resolve()
TICKS = os.sysconf("SC_CLK_TCK")


def layered(n, layers=24, links=4):
    """Every bundle needs one of the layer below and three of any layer below; the last, `all`, needs all."""
    rng = random.Random(n)
    start = [-(-layer * n // layers) for layer in range(layers)] + [n]
    graph = {}
    for layer in range(layers):
        for i in range(start[layer], start[layer + 1]):
            below = {rng.randrange(start[layer - 1], start[layer])} if layer else set()
            while len(below) < min(links, start[layer]):
                below.add(rng.randrange(start[layer]))
            graph[f"s{i:06}"] = [f"s{k:06}" for k in sorted(below)]
    return graph | {"all": list(graph)}


def chain(n):
    return {f"s{i:06}": [f"s{i - 1:06}"] if i else [] for i in range(n)} | {"all": [f"s{n - 1:06}"]}


def star(n):
    graph = {f"s{i:06}": [] for i in range(n)}
    return graph | {"all": list(graph)}


def write_bundles(graph, root):
    for name, needs in graph.items():
        service = root / name / "service"
        service.mkdir(parents=True)
        (service / "run").write_text("#!/bin/sh\nexec sleep 1000\n")
        (service / "run").chmod(0o755)
        for relation in ("after", "requires") if needs else ():
            (root / name / relation).mkdir()
            for other in needs:
                os.symlink(f"../../{other}", root / name / relation / other)


def write_dinit(graph, root):
    root.mkdir(parents=True)
    for name, needs in graph.items():
        (root / name).write_text("type = internal\n" + "".join(f"depends-on: {other}\n" for other in needs))


def in_child(work, *arguments):
    """So that this process stays small: what it weighs when it forks counts as its children's."""
    pid = os.fork()
    if pid == 0:
        work(*arguments)
        os._exit(0)
    if os.waitpid(pid, 0)[1] != 0:
        raise SystemExit("could not write the trees")


def busy():
    fields = [int(field) for field in open("/proc/stat").readline().split()[1:]]
    return (sum(fields[:3]) + sum(fields[5:8])) / TICKS


def once(command):
    before, began = busy(), time.monotonic()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - began
    cpu = usage.ru_utime + usage.ru_stime
    noise = max(0.0, busy() - before - cpu) / wall
    return {"noise": noise, "wall": wall, "cpu": cpu, "rss": usage.ru_maxrss / 1024, "status": status >> 8}


def compare(title, commands, options):
    print(f"\n{title}\n\n| command | wall s | least | CPU s | MiB | exit | noise | ratio |\n|---|---|---|---|---|---|---|---|")
    runs = {name: [] for name in commands}
    for _ in range(options.reps):
        for name, command in commands.items():
            best = None
            for _ in range(5):
                run = once(command)
                best = run if best is None or run["noise"] < best["noise"] else best
                if best["noise"] <= options.noise:
                    break
            runs[name].append(best)
    base = None
    for name, all_runs in runs.items():
        wall, cpu = (statistics.median(run[key] for run in all_runs) for key in ("wall", "cpu"))
        base = base or wall
        print(f"| {name} | {wall:.3f} | {min(run['wall'] for run in all_runs):.3f} | {cpu:.3f} "
              f"| {max(run['rss'] for run in all_runs):.0f} | {all_runs[0]['status']} "
              f"| {max(run['noise'] for run in all_runs):.2f} | {wall / base:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--usher", default=str(HERE.parents[4] / "launcher" / "bin" / "usher"))
    parser.add_argument("--dinit-check", help="where it was built; without it there is nothing to compare with")
    parser.add_argument("--shapes", default="small,layered:10000,layered:100000,chain:100000,star:100000")
    parser.add_argument("--reps", type=int, default=5)
    parser.add_argument("--noise", type=float, default=0.15)
    parser.add_argument("--dir", default="/dev/shm")
    options = parser.parse_args()
    once([options.usher, "--version"])  # In a source tree the first call builds it.
    root = pathlib.Path(tempfile.mkdtemp(prefix="usher-bench", dir=options.dir))
    try:
        for shape in options.shapes.split(","):
            kind, _, size = shape.partition(":")
            bundles, services = root / shape / "bundles", root / shape / "services"
            make = {"layered": layered, "chain": chain, "star": star, "small": layered}[kind]
            in_child(lambda: write_bundles(make(int(size or 24)), bundles))
            usher = [options.usher, "--bundles", str(bundles)]
            commands = {}
            if kind == "layered" and options.dinit_check:
                in_child(lambda: write_dinit(make(int(size)), services))
                commands["dinit-check"] = [options.dinit_check, "-d", str(services), "all"]
            if kind == "small":
                commands["java -version"] = ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-version"]
            commands["order all"] = usher + ["order", "all"]
            commands["order all, json"] = usher + ["order", "all", "--format", "json"]
            if kind in ("chain", "star"):
                commands["order s000000 --stop"] = usher + ["order", "s000000", "--stop"]
                commands["order s000000 --stop, json"] = usher + ["order", "s000000", "--stop", "--format", "json"]
                commands["why s000000 all"] = usher + ["why", "s000000", "all"]
            compare(shape, commands, options)
            shutil.rmtree(root / shape)
    finally:
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()

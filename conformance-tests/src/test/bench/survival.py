#!/usr/bin/env python3
"""What clients and daemons notice when a process manager is killed (SIGKILL): the table of docs/survival.md.

Managers of sockets: five clients wait in the queue of the manager, which is stopped (SIGSTOP) and killed; one more comes
half a second later, while nobody has started the manager again by hand. Managers of daemons: a daemon writes numbered
lines to the manager's log and holds a lock; after the kill the manager is started again as before (usher is not: its
guard does that), and daemons are counted. Programs are looked up in PATH, in --peers (packages unpacked by dpkg -x, one
directory each) and at --dinit. What is not there is left out.
"""
import argparse
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve()
USHER = HERE.parents[4] / "launcher/bin/usher"
QUEUED = 5
DAEMON = """#!/usr/bin/perl
use Fcntl ':flock';
$| = 1;
$SIG{PIPE} = 'IGNORE';
open(my $all, '>>', '@/pids'); syswrite($all, "$$\\n");
open(my $lock, '>', '@/lock');
my $first = flock($lock, LOCK_EX | LOCK_NB);
for (my $n = 1; ; $n++) { print "line $$ $n\\n" if $first; select(undef, undef, undef, 0.01); }
"""


class Place:
    """A directory of one run, and the processes started for it."""

    def __init__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="survival"))
        self.started = []

    def write(self, name, text, mode=0o644):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("@", str(self.dir)))
        path.chmod(mode)
        return str(path)

    def start(self, words):
        out = open(self.dir / "out", "ab")
        environment = dict(os.environ, SURVIVAL=str(self.dir))
        self.started.append(subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=self.dir,
                                             env=environment, start_new_session=True))
        return self.started[-1]

    def close(self):
        mark = f"SURVIVAL={self.dir}".encode()
        for _ in range(5):  # a guard starts another launcher
            for process in pathlib.Path("/proc").glob("[0-9]*"):
                try:
                    if mark in (process / "environ").read_bytes().split(b"\0"):
                        os.kill(int(process.name), signal.SIGKILL)
                except OSError:
                    pass
            time.sleep(0.1)
        for process in self.started:
            process.wait()
        shutil.rmtree(self.dir, ignore_errors=True)


def until(what, seconds=60):
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def usher_words(place):
    return [str(USHER), "--bundles", f"{place.dir}/b", "--run-dir", f"{place.dir}/run", "--log-dir", f"{place.dir}/log"]


def launcher(place):
    return int((place.dir / "run/launcher.pid").read_text())


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def connect(port):
    return socket.create_connection(("127.0.0.1", port), 10)


def answer(client):
    try:
        client.sendall(b"hello\n")
        client.settimeout(10)
        return "answered" if client.recv(100) else "closed"
    except OSError:
        return "reset"


def listens(port):
    wanted = f":{port:04X} 00000000:0000 0A"
    return any(wanted in line for line in open("/proc/net/tcp"))


# Each writes what it needs and returns the command.
def xinetd(place, port, program):
    place.write("x.conf", f"service s\n{{\n type = UNLISTED\n port = {port}\n bind = 127.0.0.1\n socket_type = stream\n"
                f" protocol = tcp\n wait = no\n user = {os.environ.get('USER', 'root')}\n server = /bin/head\n"
                f" server_args = -n1\n cps = 1000 1\n}}\n")
    return [program, "-dontfork", "-f", f"{place.dir}/x.conf", "-pidfile", f"{place.dir}/pid"]


def inetd(place, port, program):
    place.write("i.conf", f"127.0.0.1:{port} stream tcp nowait root /bin/head head -n1\n")
    return [program, "-d" if "inetutils" in program else "-i", f"{place.dir}/i.conf"]


def tcpserver(place, port, program):
    return [program, "-RHl0", "127.0.0.1", str(port), "head", "-n1"]


def socket_activate(place, port, program):
    return [program, "-a", "--inetd", "-l", f"127.0.0.1:{port}", "head", "-n1"]


def usher_socket(place, port, program):
    place.write("b/s/service/run", "#!/bin/sh\nexec head -n1\n", 0o755)
    place.write("b/s/sockets/s/listen", f"127.0.0.1:{port}\n")
    place.write("b/s/sockets/s/accept", "")
    return usher_words(place) + ["run"]


SOCKETS = {"usher": usher_socket, "xinetd": xinetd, "inetutils-inetd": inetd, "inetd": inetd, "tcpserver": tcpserver,
           "systemd-socket-activate": socket_activate}


def runsv(place, program):
    place.write("s/run", "#!/bin/sh\nexec 2>&1 @/daemon\n", 0o755)
    place.write("s/log/run", "#!/bin/sh\nexec cat >> @/lines\n", 0o755)
    return [program, f"{place.dir}/s"]


def supervise(place, program):
    place.write("s/run", "#!/bin/sh\nexec @/daemon >> @/lines\n", 0o755)
    return [program, f"{place.dir}/s"]


def dinit(place, program):
    place.write("s/boot", "type = process\ncommand = @/daemon\nlogfile = @/lines\nrestart = true\n")
    return [program, "--user", "-d", f"{place.dir}/s", "-p", f"{place.dir}/ctl", "boot"]


def supervisord(place, program):
    place.write("s.conf", "[supervisord]\nlogfile = @/s.log\npidfile = @/s.pid\n[program:d]\ncommand = @/daemon\n"
                "stdout_logfile = @/lines\n")
    os.environ.setdefault("PYTHONPATH", str(pathlib.Path(program).parents[1] / "lib/python3/dist-packages"))
    return ["python3", program, "-n", "-c", f"{place.dir}/s.conf"]


def usher_daemon(place, program):
    place.write("b/s/service/run", "#!/bin/sh\nexec @/daemon\n", 0o755)
    return usher_words(place) + ["run"]


DAEMONS = {"usher": usher_daemon, "runsv": runsv, "supervise": supervise, "s6-supervise": supervise, "dinit": dinit,
           "supervisord": supervisord}


def kill(place, name, process, stop=False):
    pid = launcher(place) if name == "usher" else process.pid
    if stop:
        os.kill(pid, signal.SIGSTOP)
    yield
    os.kill(pid, signal.SIGKILL)


def sockets(name, write, program, times):
    seen = {"answered": 0, "reset": 0, "closed": 0, "next": 0}
    for _ in range(times):
        place, port = Place(), free_port()
        try:
            process = place.start(write(place, port, program))
            if not until(lambda: listens(port)) or answer(connect(port)) != "answered":
                return None
            death = kill(place, name, process, stop=True)
            next(death)
            clients = [connect(port) for _ in range(QUEUED)]
            next(death, None)
            for client in clients:
                seen[answer(client)] += 1
            time.sleep(0.5)
            try:
                seen["next"] += answer(connect(port)) == "answered"
            except OSError:
                pass
        finally:
            place.close()
    total = QUEUED * times
    return f"| {name} | {seen['answered']} of {total} | {seen['reset'] + seen['closed']} | {times - seen['next']} of {times} |"


def alive(place):
    try:
        return [pid for pid in (place.dir / "pids").read_text().split() if os.path.exists(f"/proc/{pid}/fd/0")]
    except OSError:
        return []


def lost_lines(place, first):
    """Numbers that are missing between the first and the last line that the first daemon has in the log."""
    numbers = []
    for file in [place.dir / "lines", place.dir / "log/s/current"]:
        if file.exists():
            words = [line.split() for line in file.read_text().splitlines()]
            numbers += [int(line[-1]) for line in words if len(line) > 2 and line[-2] == first and line[-1].isdigit()]
    # How far the daemon has come: a line each 10 ms and more since the kill would have been there had the log gone on.
    return (max(numbers) - min(numbers) + 1 - len(set(numbers)), len(numbers)) if numbers else (0, 0)


def daemons(name, write, program, times):
    gone = doubled = lost = silent = 0
    for _ in range(times):
        place = Place()
        try:
            place.write("daemon", DAEMON, 0o755)
            words = write(place, program)
            process = place.start(words)
            if not until(lambda: alive(place)):
                return None
            first = alive(place)[0]
            time.sleep(0.5)
            death = kill(place, name, process)
            next(death)
            next(death, None)
            time.sleep(0.5)
            gone += first not in alive(place)
            if name != "usher":
                place.start(words)
            until(lambda: len(alive(place)) > 1, 5)
            doubled += len(alive(place)) > 1
            missing, before = lost_lines(place, first)
            time.sleep(0.5)
            lost += missing
            silent += lost_lines(place, first)[1] == before
        finally:
            place.close()
    return f"| {name} | {gone} of {times} | {doubled} of {times} | {lost} | {silent} of {times} |"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=5)
    options.add_argument("--peers", type=pathlib.Path, help="directory of unpacked packages")
    options.add_argument("--dinit", help="the program, where it is not in PATH")
    options = options.parse_args()
    places = os.environ["PATH"].split(":")
    if options.peers:
        places += [str(path) for bin in ("bin", "sbin") for path in options.peers.glob(f"**/{bin}")]

    def find(name):
        return str(USHER) if name == "usher" else shutil.which(name, path=":".join(places))

    print("| manager of sockets | queued clients answered | reset or closed | the next one refused |\n|---|---|---|---|")
    for name, write in SOCKETS.items():
        row = find(name) and sockets(name, write, find(name), options.kills)
        print(row or f"| {name} | not there, or does not work here | | |", flush=True)
    print("\n| manager of daemons | daemon gone | doubled | lines lost | daemon's log silent 6 s later |\n|---|---|---|---|---|")
    for name, write in DAEMONS.items():
        program = options.dinit if name == "dinit" and options.dinit else find(name)
        row = program and daemons(name, write, program, options.kills)
        print(row or f"| {name} | not there, or does not work here | | | |", flush=True)


if __name__ == "__main__":
    main()

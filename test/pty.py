"""Runs a program in a pseudo-terminal, as a shell runs a job: the other half of pty.testing.ts.

Arguments: columns, rows, program, its arguments. Standard output carries what the program writes. Standard input takes
commands, one JSON object a line; file descriptor 3 tells what happens, one JSON object a line.
"""

import fcntl, json, os, select, signal, struct, sys, termios

EVENTS = 3


def tell(**event):
    os.write(EVENTS, (json.dumps(event) + "\n").encode())


def resize(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def kill(group, number):
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        pass  # It has ended already.


def is_raw(fd):
    try:
        return termios.tcgetattr(fd)[3] & termios.ICANON == 0
    except (OSError, termios.error):
        return None  # It is hung up.


def shell(slave, program, born):
    """The leader of the session: starts the job in a process group of its own, and tells when it stops and ends."""
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, lambda *_: None)
    before = termios.tcgetattr(slave)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(slave, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        for fd in (0, 1, 2):
            os.dup2(slave, fd)
        os.closerange(3, 64)
        try:
            os.execvp(program[0], program)
        except OSError as error:
            os.write(2, f"{program[0]}: {error.strerror}\n".encode())
            os._exit(127)

    def foreground(*_):
        os.tcsetpgrp(slave, job)
        os.killpg(job, signal.SIGCONT)

    signal.signal(signal.SIGUSR1, foreground)
    os.write(born, struct.pack("i", job))
    while True:
        _, status = os.waitpid(job, os.WUNTRACED | os.WCONTINUED)
        if os.WIFSTOPPED(status):
            raw = is_raw(slave)
            if raw is not None:
                os.tcsetpgrp(slave, os.getpid())
                termios.tcsetattr(slave, termios.TCSANOW, before)
            tell(event="stopped", signal=signal.Signals(os.WSTOPSIG(status)).name, raw=raw)
        elif os.WIFCONTINUED(status):
            tell(event="continued")
        else:
            break
    raw = is_raw(slave)
    name = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else None
    tell(event="ended", status=os.WEXITSTATUS(status) if name is None else None, signal=name, raw=raw)
    os._exit(0)


def main():
    columns, rows, *program = sys.argv[1:]
    master, slave = os.openpty()
    resize(master, int(columns), int(rows))
    reading, born = os.pipe()
    leader = os.fork()
    if leader == 0:
        for fd in (master, reading, 0, 1):
            os.close(fd)
        shell(slave, program, born)
    os.close(slave)
    os.close(born)
    job = struct.unpack("i", os.read(reading, 4))[0]
    tell(event="started", pid=job)
    os.set_blocking(master, False)
    text = to_write = b""
    paused = False
    is_open = True

    def close():
        # Nothing more comes: the end of our output says so.
        nonlocal is_open
        if is_open:
            is_open = False
            os.close(master)
            os.close(1)

    while True:
        readers = [0, master] if is_open and not paused else [0]
        ready, writable, _ = select.select(readers, [master] if to_write and is_open else [], [])
        if writable:
            to_write = to_write[os.write(master, to_write) :]
        if master in ready:
            try:
                data = os.read(master, 65536)
            except OSError:  # Everybody has closed the terminal.
                data = b""
            if not data:
                close()
            while data:
                data = data[os.write(1, data) :]
        if 0 in ready:
            data = os.read(0, 65536)
            if not data:
                break
            text += data
            *lines, text = text.split(b"\n")
            for line in lines:
                command = json.loads(line)
                if "input" in command:
                    to_write += bytes.fromhex(command["input"])
                elif "resize" in command and is_open:
                    resize(master, *command["resize"])
                elif "pause" in command:
                    paused = command["pause"]
                elif "foreground" in command:
                    os.kill(leader, signal.SIGUSR1)
                elif "hangup" in command:
                    close()
                    if command["hangup"]:  # As shells pass on what the kernel tells them.
                        kill(job, signal.SIGHUP)
    # Whoever has started us has seen enough.
    kill(job, signal.SIGKILL)


main()

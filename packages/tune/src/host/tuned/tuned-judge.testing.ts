import { spawnSync } from 'node:child_process';

const PYTHON = '/usr/bin/python3';

/** A unit as tuned itself reads it, with what it includes, and with variables and functions put in. */
export interface JudgedByTuned {
  readonly type: string;
  readonly enabled: boolean;
  readonly devices: string;
  readonly cpuinfo: string | null;
  readonly uname: string | null;
  readonly options: Readonly<Record<string, string>>;
}

/** What tuned makes of a profile on this machine. */
export interface Verdict {
  readonly units: Readonly<Record<string, JudgedByTuned>>;
  /** What its plugins would write, in their order. */
  readonly writes: readonly (readonly [path: string, value: string])[];
}

/** Whether tuned is installed (Debian package tuned). */
export const hasTuned: boolean = spawnSync(PYTHON, ['-c', 'import tuned.profiles, pyudev']).status === 0;

/**
 * tuned's own loader reads the profiles, and its own plugins apply them, in a process that can change nothing: what is opened for writing
 * goes into memory, programs are not started but for two that only read, and plugins that move processes are left out.
 */
const PROGRAM = String.raw`
import builtins, io, json, os, subprocess, sys, shutil
import tuned.utils.commands as utils

writes = []
real_open = builtins.open

def record(path, data):
    writes.append([str(path), (data.decode() if isinstance(data, bytes) else data).rstrip("\n")])

def recorder(base, path):
    class Recorder(base):
        def close(self):
            if not self.closed and str(path).startswith(("/sys/", "/proc/")):
                record(path, self.getvalue())
            super().close()
    return Recorder()

def fake_open(path, mode="r", *rest, **named):
    if not set(mode) & set("wax+"):
        return real_open(path, mode, *rest, **named)
    return recorder(io.BytesIO if "b" in mode else io.StringIO, path)

real_os_open = os.open
def fake_os_open(path, flags, *rest, **named):
    if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        return real_os_open("/dev/null", os.O_WRONLY)
    return real_os_open(path, flags, *rest, **named)

real_execute = utils.commands.execute
READERS = {"virt-what", "nproc"}
def fake_execute(self, args, shell=False, cwd=None, env={}, no_errors=[], return_err=False):
    if not shell and args[0] in READERS:
        builtins.open, os.open, subprocess.Popen = real_open, real_os_open, real_popen
        try:
            return real_execute(self, args, shell, cwd, env, no_errors, return_err)
        finally:
            builtins.open, os.open, subprocess.Popen = fake_open, fake_os_open, no_program
    return (1, "", "") if return_err else (0, "/judge" if args[0] == "mktemp" else "")

real_popen = subprocess.Popen
def no_program(*args, **named):
    raise OSError("no program is started")

names = json.load(sys.stdin)
import tuned.profiles as profiles
import tuned.plugins as plugins
import tuned.units as units
import tuned.storage as storage
import tuned.monitors as monitors
import tuned.hardware as hardware
import tuned.plugins.instance
import tuned.consts as consts
from tuned.utils.global_config import GlobalConfig
utils.commands.execute = fake_execute
builtins.open, os.open, subprocess.Popen = fake_open, fake_os_open, no_program
nothing = lambda *args, **named: None
for name in ("mkdir", "makedirs", "unlink", "remove", "rename", "replace", "rmdir", "chmod", "chown", "symlink", "link", "kill", "sched_setaffinity", "sched_setscheduler", "system"):
    setattr(os, name, nothing)
for name in ("copy", "copyfile", "copy2", "copytree", "rmtree", "move"):
    setattr(shutil, name, nothing)
APPLIED = {"sysctl", "sysfs", "vm", "cpu", "disk", "net", "audio", "video", "usb", "scsi_host", "selinux"}

answer = {}
for name in names:
    config = GlobalConfig()
    config.set(consts.CFG_REAPPLY_SYSCTL, False)
    config.set(consts.CFG_DYNAMIC_TUNING, False)
    variables = profiles.variables.Variables()
    loader = profiles.Loader(profiles.Locator(consts.LOAD_DIRECTORIES), profiles.Factory(), profiles.Merger(), config, variables)
    profile = loader.load(name)
    def text(value):
        return " ".join(value) if isinstance(value, list) else variables.expand(value)
    found = {}
    for unit_name, unit in profile.units.items():
        found[unit_name] = {
            "type": unit.type, "enabled": unit.enabled, "devices": unit.devices, "cpuinfo": unit.cpuinfo_regex, "uname": unit.uname_regex,
            "options": {option: text(value) for option, value in unit.options.items()},
        }
    for unit_name in [one for one, unit in profile.units.items() if unit.type not in APPLIED]:
        del profile.units[unit_name]
    inventory = hardware.Inventory(set_receive_buffer_size=False)
    inventory.subscribe = nothing
    inventory.start_processing_events = nothing
    repository = plugins.Repository(monitors.Repository(), storage.Factory(storage.PickleProvider()), inventory, hardware.DeviceMatcher(),
        hardware.DeviceMatcherUdev(), plugins.instance.Factory(), config, variables)
    manager = units.Manager(repository, monitors.Repository(), 0, inventory, config)
    del writes[:]
    manager.create(profile.units)
    manager.start_tuning()
    answer[name] = {"units": found, "writes": list(writes)}
sys.stdout.write(json.dumps(answer))
`;

/** What tuned makes of profiles. */
export function askTuned(names: readonly string[]): Readonly<Record<string, Verdict>> {
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', PROGRAM], {
    input: JSON.stringify(names),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`tuned cannot be asked: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout) as Record<string, Verdict>;
}

import { spawnSync } from 'node:child_process';

/** Debian's Python, which sees Debian's packages; another one in PATH does not. */
const PYTHON = '/usr/bin/python3';

/** Why psutil cannot be asked here, or null when it can. */
export function psutilMissing(): string | null {
  const probe = spawnSync(PYTHON, ['-c', 'import psutil'], { encoding: 'utf8' });
  return probe.status === 0 ? null : 'python3-psutil is not installed (apt-get install python3-psutil)';
}

/** The JSON that a Python program prints. */
export function askPython(program: string): unknown {
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', program], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

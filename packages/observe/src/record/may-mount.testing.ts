import { execFileSync } from 'node:child_process';

/** Whether this user may mount in a private namespace; says why not. */
export function mayMount(): boolean {
  if (process.platform !== 'linux') {
    console.warn('Skipped: a full or read-only file system can only be made on Linux.');
    return false;
  }
  try {
    execFileSync('unshare', ['--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'pipe' });
    return true;
  } catch (error) {
    console.warn(
      `Skipped: this user may not mount in a namespace of its own (${String(error).split('\n')[0]}). Run as root, or allow user namespaces.`,
    );
    return false;
  }
}

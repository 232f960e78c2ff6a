import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { launchdPlist } from './launchd-plist.ts';
import { refuseUnreachable } from './program-place.ts';
import { systemdUnit } from './systemd-unit.ts';

const directory = mkdtempSync(join(tmpdir(), 'hecate-service-'));
afterAll(() => rmSync(directory, { recursive: true }));

const has = (program: string): boolean => !spawnSync(program, ['--version']).error;
const HOSTILE = ['/usr/bin/node', '/opt/my "hecate" 100%/$HOME\\n', 'serve', '--host', '::1', "it's"] as const;

describe.skipIf(!has('systemd-analyze'))('the unit of systemd', () => {
  const analyze = (text: string, ...words: readonly string[]): { status: number | null; output: string } => {
    const file = join(directory, 'hecate-judged.service');
    writeFileSync(file, text);
    const { status, stdout, stderr } = spawnSync('systemd-analyze', [...words, file], { encoding: 'utf8' });
    return { status, output: stdout + stderr };
  };

  test('one that watches has an exposure of 2.0 at most', () => {
    const text = systemdUnit({ command: ['/usr/bin/node', '/opt/hecate.cjs', 'serve'], tunes: false });
    const { status, output } = analyze(text, 'security', '--offline=true', '--threshold=20', '--no-pager');
    expect(output).toMatch(/Overall exposure level for hecate-judged\.service: [12]\.\d/);
    expect(status, output).toBe(0);
  });

  test('both kinds are what systemd understands, whatever the words of the command line', () => {
    for (const tunes of [false, true]) {
      const { status, output } = analyze(systemdUnit({ command: [process.execPath, ...HOSTILE.slice(1)], tunes }), 'verify', '--man=no');
      expect(output).toBe('');
      expect(status).toBe(0);
    }
  });
});

test('words of the command line stay what they are', () => {
  expect(systemdUnit({ command: HOSTILE, tunes: true })).toContain(
    String.raw`ExecStart=:/usr/bin/node "/opt/my \"hecate\" 100%%/$HOME\\n" serve --host ::1 "it's"`,
  );
});

test.skipIf(!has('python3'))('the job of launchd is what python reads of it', () => {
  const judge = 'import json, plistlib, sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))';
  const command = ['/usr/local/bin/node', '/opt/a & b <c>/hecate.cjs', 'serve'] as const;
  const { stdout, stderr } = spawnSync('python3', ['-c', judge], { input: launchdPlist({ command, tunes: false }), encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    Label: 'hecate.daemon',
    ProgramArguments: command,
    EnvironmentVariables: { HECATE_DATA_DIR: '/Library/Application Support/hecate/data' },
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ProcessType: 'Background',
    Umask: 0o077,
    StandardErrorPath: '/Library/Logs/hecate.log',
  });
});

test('a program that a service could not start', () => {
  expect(() => refuseUnreachable('/tmp/x/hecate.cjs', false)).toThrow(expect.objectContaining({ code: 'INVALID' }));
  // A directory of mkdtemp is its owner's only; where it is not under /tmp, that is what is told.
  const program = join(directory, 'program');
  writeFileSync(program, '', { mode: 0o755 });
  expect(() => refuseUnreachable(program, true)).toThrow(/lies under \/tmp|may not enter/);
  expect(() => refuseUnreachable('/etc/shadow', true)).toThrow(/may not read \/etc\/shadow/);
  expect(() => refuseUnreachable('/proc/1/fd/0', true)).toThrow(/may not enter \/proc\/1\/fd/);
});

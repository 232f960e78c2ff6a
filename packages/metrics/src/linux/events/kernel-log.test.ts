import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseKernelRecord, parseOomChoice, parseOomVictim, unescapeHex } from './kernel-log.ts';

const record = (text: string): ReturnType<typeof parseKernelRecord> => parseKernelRecord(Buffer.from(text));
const REST = 'total-vm:2048kB, anon-rss:100kB, file-rss:20kB, shmem-rss:3kB, UID:1000 pgtables:48kB oom_score_adj:-900';

describe('records of the kernel log', () => {
  test('head, text, and what follows it', () => {
    expect(record('3,1234,5678901,-;a; text\n SUBSYSTEM=net\n')).toEqual({ facility: 0, sequence: 1234, text: 'a; text' });
    expect(record('12,9,1,-,caller=T1;from a program\n')).toMatchObject({ facility: 1 });
    expect(record('3,1234,5678901,-')).toBeNull();
    expect(record(';x')).toBeNull();
  });

  test('escapes are bytes again', () => {
    expect(unescapeHex(Buffer.from('a\\x0ab\\x5cx41\\xzz\\x4')).toString('latin1')).toBe('a\nb\\x41\\xzz\\x4');
    expect(record('3,1,1,-;\\xc3\\xa4\n')?.text).toBe('ä');
  });
});

describe('kills', () => {
  test('the victim is named, whatever its name is', () => {
    const kill = (name: string): string => `Memory cgroup out of memory: Killed process 77 (${name}) ${REST}`;
    expect(parseOomVictim(kill('node'))).toEqual({ pid: 77, name: 'node', uid: 1000, rss: 123 * 1024 });
    for (const name of ['', ')', 'a) total-vm:1k', '(x) (y)', 'line\nbreak', 'Killed process 1', ': Killed proces']) {
      expect(parseOomVictim(kill(name))).toMatchObject({ pid: 77, name });
    }
    expect(parseOomVictim('Out of memory (oom_kill_allocating_task): Killed process 5 (a) ' + REST)).toMatchObject({ pid: 5 });
    // Before 5.9 there was no user, before 5.4 no page tables.
    expect(parseOomVictim('Out of memory: Killed process 5 (a) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB')).toEqual({
      pid: 5,
      name: 'a',
      uid: null,
      rss: 1024,
    });
    expect(parseOomVictim('oom_reaper: reaped process 77 (node), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB')).toBeNull();
    expect(parseOomVictim('Out of memory: Kill process')).toBeNull();
  });

  test('the choice tells whose limit it was', () => {
    const head = 'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0';
    expect(parseOomChoice(`${head},oom_memcg=/a b/c,task_memcg=/a b/c/d,task=x,pid=9,uid=0,pid=77,uid=0`)).toEqual({
      pid: 77,
      cgroup: '/a b/c',
    });
    expect(
      parseOomChoice(
        'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/,task=x,pid=8,uid=0',
      ),
    ).toEqual({
      pid: 8,
      cgroup: null,
    });
    expect(parseOomChoice(`${head},oom_memcg=/a,task_memcg=/a,task=x`)).toBeNull();
    expect(parseOomChoice('something else')).toBeNull();
  });

  test('any bytes are survived, quickly', () => {
    const word = fc.constantFrom(
      '3,1,1,-;',
      '\\x',
      '0a',
      ': Killed process 1 (',
      ') total-vm:1kB, anon-rss:',
      '1kB',
      ',oom_memcg=',
      ',task_memcg=',
      ',pid=1,uid=1',
      '\n',
      'é',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.array(word, { maxLength: 200 }).map((words) => Buffer.from(words.join(''))),
        ),
        (bytes) => {
          const parsed = parseKernelRecord(Buffer.from(bytes));
          const victim = parseOomVictim(parsed?.text ?? Buffer.from(bytes).toString());
          if (victim) expect([victim.pid, victim.rss].every(Number.isFinite)).toBe(true);
          parseOomChoice(`oom-kill:constraint=${parsed?.text}`);
        },
      ),
    );
  });
});

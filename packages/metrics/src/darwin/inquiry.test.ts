import { HecateError } from '@hecate/host';
import { expect, test } from 'vitest';
import { openInquiry } from './inquiry.ts';
import { fails, hangs, openProgramMac, prints } from './text/programs.testing.ts';
import type { Run } from './text/programs.testing.ts';
import { askProgram } from './text/program.ts';

const inquiryOf = (run: Run) => {
  const mac = openProgramMac({ '/usr/bin/vm_stat': (...given) => run(...given) });
  return { ...mac, inquiry: openInquiry(mac.host, (host) => askProgram(host, { argv: ['/usr/bin/vm_stat'] })) };
};

test('many that ask at once get the answer of one run', async () => {
  const { inquiry, started } = inquiryOf(prints('x'));
  expect(await Promise.all([inquiry.ask(), inquiry.ask(), inquiry.ask()])).toEqual(['x', 'x', 'x']);
  expect(started).toHaveLength(1);
  expect(inquiry.last()).toEqual({ answer: 'x', time: 1_764_000_000, monotonic: 1000 });
  await inquiry.ask();
  expect(started).toHaveLength(2);
});

test('what was refused rests: 10 s, twice as long each further time, at most 600 s; an answer ends that', async () => {
  let run = fails('no');
  const { inquiry, started, advance } = inquiryOf((...given) => run(...given));
  const startedAt: number[] = [];
  for (let second = 0; second <= 2000; second++) {
    const before = started.length;
    await expect(inquiry.ask()).rejects.toMatchObject({ code: 'FAILED', message: '/usr/bin/vm_stat ended with status 1: no.' });
    if (started.length > before) startedAt.push(second);
    advance(1);
  }
  expect(startedAt).toEqual([0, 10, 30, 70, 150, 310, 630, 1230, 1830]);
  run = prints('x');
  advance(600);
  expect(await inquiry.ask()).toBe('x');
  expect(inquiry.refusal()).toBeNull();
  run = fails('again');
  await expect(inquiry.ask()).rejects.toThrow('again');
  advance(10);
  const before = started.length;
  await expect(inquiry.ask()).rejects.toThrow('again');
  expect(started.length).toBe(before + 1);
});

test('one that hangs is not started again beside itself, and ends when it is called off', async () => {
  const { inquiry, started, advance } = inquiryOf(hangs);
  const asked = [inquiry.ask(), inquiry.ask()];
  advance(1000);
  asked.push(inquiry.ask());
  expect(started).toHaveLength(1);
  inquiry.cancel();
  for (const one of asked) await expect(one).rejects.toMatchObject({ code: 'FAILED', message: 'It is not waited for any more.' });
  expect(inquiry.refusal()).toBeNull();
});

test('a mistake of this program is no refusal', async () => {
  const { host } = openProgramMac();
  const inquiry = openInquiry(host, () => Promise.reject(new TypeError('wrong')));
  await expect(inquiry.ask()).rejects.toThrow(TypeError);
  expect(inquiry.refusal()).toBeNull();
  const refused = openInquiry(host, () => Promise.reject(new HecateError('DENIED', 'No.')));
  await expect(refused.ask()).rejects.toThrow('No.');
  expect(refused.refusal()).toMatchObject({ code: 'DENIED' });
});

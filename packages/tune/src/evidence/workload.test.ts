import { describe, expect, it } from 'vitest';
import { openHost } from '@hecate/host';
import { checkWorkload, directionOf, measure, metricName, readMetric } from './workload.ts';
import type { Workload } from './workload.ts';

const host = openHost();
const node = (program: string, more: Omit<Workload, 'argv'> = {}): Workload => ({ argv: [process.execPath, '-e', program], ...more });

describe('a workload', () => {
  it('is measured by its time', async () => {
    const seconds = await measure(host, node('setTimeout(() => {}, 50)'));
    expect(seconds).toBeGreaterThan(0.045);
    expect(directionOf(node(''))).toBe('lower');
    expect(metricName(node(''))).toBe('seconds');
  });

  it('is measured by a number that it prints: the last one, on either output', async () => {
    const metric = { pattern: String.raw`^ops: ([\d.]+)$`, better: 'higher' } as const;
    expect(await measure(host, node("console.log('ops: 1\\nops: 2.5\\nend')", { metric }))).toBe(2.5);
    expect(await measure(host, node("console.error('ops: 7')", { metric }))).toBe(7);
    expect(directionOf(node('', { metric }))).toBe('higher');
  });

  it('gets no shell: what looks like one is an argument', async () => {
    const metric = { pattern: 'count=([0-9]+)', better: 'lower' } as const;
    expect(
      await measure(host, { argv: [process.execPath, '-e', "console.log('count=' + process.argv.length)", '$(id)', ';', '*'], metric }),
    ).toBe(4);
  });

  it('that fails is refused, with what it said last', async () => {
    await expect(measure(host, node("console.error('one\\nno disk'); process.exit(3)"))).rejects.toMatchObject({
      code: 'FAILED',
      message: `${process.execPath} ended with status 3.`,
      hint: 'It said: no disk',
    });
    await expect(measure(host, node("process.kill(process.pid, 'SIGKILL')"))).rejects.toMatchObject({
      code: 'FAILED',
      message: `${process.execPath} was ended by SIGKILL.`,
    });
  });

  it('that is missing, or takes too long, is refused', async () => {
    await expect(measure(host, { argv: ['/nonexistent/workload'] })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(measure(host, node('setInterval(() => {}, 1000)', { timeout: 0.2 }))).rejects.toMatchObject({
      code: 'FAILED',
      message: `${process.execPath} did not end within 0.2 s.`,
    });
  });

  it('whose child holds its output open is not waited for', async () => {
    // The grandchild ends by itself when this test's outputs are closed.
    const program =
      "require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 4000)'], { stdio: 'inherit' }); setInterval(() => {}, 1000)";
    await expect(measure(host, node(program, { timeout: 0.5 }))).rejects.toMatchObject({
      code: 'FAILED',
      message: expect.stringContaining('0.5 s') as string,
    });
  });

  it('can be given up', async () => {
    const reason = new Error('enough');
    const abort = new AbortController();
    const measured = measure(host, node('setInterval(() => {}, 1000)'), abort.signal);
    abort.abort(reason);
    await expect(measured).rejects.toBe(reason);
  });
});

describe('a metric', () => {
  const read = (stdout: string, pattern = 'score=(.*)'): number => readMetric({ pattern, better: 'higher' }, { stdout, stderr: '' });

  it('is a number in any form, of the first group or of the whole match', () => {
    expect(read('score= 1.5e3 ')).toBe(1500);
    expect(read('it took 12 s', String.raw`\d+`)).toBe(12);
  });

  it.each([
    ['nothing', 'The workload printed nothing that matches /score=(.*)/.'],
    ['score=', `The workload's metric "" is no number.`],
    ['score=fast', `The workload's metric "fast" is no number.`],
    ['score=Infinity', `The workload's metric "Infinity" is no number.`],
    ['score=0', `The workload's metric is 0: only numbers above 0 can be compared as ratios.`],
    ['score=-3', `The workload's metric is -3: only numbers above 0 can be compared as ratios.`],
  ])('%s is refused', (stdout, sentence) => {
    expect(() => read(stdout)).toThrow(expect.objectContaining({ code: 'INVALID', message: sentence }));
  });

  it('and a workload are checked before anything runs', () => {
    expect(() => checkWorkload({ argv: [''] })).toThrow('The workload has no command.');
    expect(() => checkWorkload({ argv: ['true'], timeout: 0 })).toThrow('A workload cannot run for 0 seconds.');
    expect(() => checkWorkload({ argv: ['true'], metric: { pattern: '(', better: 'lower' } })).toThrow(
      'The metric "(" is no regular expression.',
    );
    expect(() => checkWorkload({ argv: ['true'] })).not.toThrow();
  });
});

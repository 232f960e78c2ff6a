import { expect, test } from 'vitest';
import { BOX_NAMES, ZOOM_STEPS } from './state.ts';
import { parseTopSettings } from './settings.ts';

const PLACE = 'config.toml, [top]';

test('without a section everything is as the page says', () => {
  expect(parseTopSettings(undefined, PLACE)).toEqual({
    interval: 1,
    boxes: [...BOX_NAMES],
    sort: 'cpu',
    reverse: false,
    tree: false,
    kernelThreads: false,
    cpuOfMachine: false,
    filter: '',
    span: 60,
    theme: null,
    graphs: null,
    viKeys: false,
    keys: {},
  });
});

test('every step of the zoom has a name', () => {
  const names = ['1m', '2m', '5m', '15m', '1h', '4h', '1d', '7d'];
  expect(names.map((span) => parseTopSettings({ span }, PLACE).span)).toEqual(ZOOM_STEPS);
});

test('names are those of config.toml', () => {
  const read = parseTopSettings(
    { kernel_threads: true, cpu_of_machine: true, vi_keys: true, graphs: 'block', keys: { quit: ['x', 'f10'], help: 'f3' } },
    PLACE,
  );
  expect(read).toMatchObject({ kernelThreads: true, cpuOfMachine: true, viKeys: true, graphs: 'block' });
  expect(read.keys).toEqual({ quit: ['x', 'f10'], help: 'f3' });
});

test.each([
  [1, 'must be a table'],
  [{ colour: 'red' }, 'there is no setting "colour"'],
  [{ interval: 0.05 }, 'from 0.1 to 60'],
  [{ interval: '1s' }, 'a number of seconds'],
  [{ interval: Number.NaN }, 'from 0.1 to 60'],
  [{ boxes: ['cpu', 'disks'] }, 'must name boxes: cpu, memory'],
  [{ boxes: 'cpu' }, 'must be a list of boxes'],
  [{ sort: 'a b' }, 'must be a name'],
  [{ tree: 'yes' }, 'tree must be true or false'],
  [{ span: '3m' }, 'must be one of "1m"'],
  [{ theme: '' }, 'must be a name'],
  [{ graphs: 'sixel' }, 'must be "braille"'],
  [{ filter: 7 }, 'filter must be text'],
  [{ keys: 'q' }, 'keys must be a table'],
  [{ keys: { quit: 7 } }, 'must be a key in quotes'],
  [{ keys: { quit: ['q', 1] } }, 'must be a key in quotes'],
])('%j is refused: %s', (raw, sentence) => {
  expect(() => parseTopSettings(raw, PLACE)).toThrow(
    expect.objectContaining({ code: 'INVALID', message: expect.stringContaining(sentence) }),
  );
  expect(() => parseTopSettings(raw, PLACE)).toThrow(PLACE);
});

import { columnsFor, sortHelp } from '../process/columns.ts';
import { indexOfSelected, visibleRows } from '../process/selection.ts';
import type { SceneProcesses } from '../scene.ts';
import type { Box, Paper, Picture } from '../view.ts';
import { drawFrame, hasFrame } from './frame.ts';
import type { FrameText } from './frame.ts';
import { drawProcessDetail } from './process-detail.ts';
import { drawHeading, drawRow, drawScrollBar, rowLook } from './process-row.ts';
import { whyUnread } from './unread.ts';

/** Rows that say something, and as many as anybody looks at. */
const LEAST = 4;
/** The letter R of /proc/PID/stat. */
const RUNNING = 0x52;

/** The list of processes; while `state.detail` is set, all about that one is in its place. */
export const PROCESS_BOX: Box = {
  name: 'processes',
  size: ({ rows }) => ({ least: LEAST, best: Math.max(LEAST, rows.order.length + 1) }),
  draw(paper, picture) {
    if (picture.state.detail !== null) drawProcessDetail(paper, picture);
    else drawList(paper, picture);
  },
};

/** What stands in the upper line of the frame, the most important last. */
function headline({ theme, unicode }: Paper, { scene, state, rows }: Picture): FrameText[] {
  const dim = theme.style('dim');
  const count = rows.matched === rows.total ? String(rows.total) : `${rows.matched} of ${rows.total}`;
  const arrow = state.descending ? (unicode ? '▼' : 'v') : unicode ? '▲' : '^';
  const right: FrameText[] = [
    { text: state.showKernel ? 'kernel threads too' : '', style: dim, mark: { kind: 'toggle', what: 'kernel' } },
    { text: state.cpuOfMachine ? 'CPU of all cores' : '', style: dim, mark: { kind: 'toggle', what: 'cpu-of-machine' } },
    { text: state.tree ? 'tree' : '', style: theme.style('key'), mark: { kind: 'toggle', what: 'tree' } },
    { text: `by ${sortHelp(state.sort)} ${arrow}`, style: dim, mark: { kind: 'choose-sort' } },
  ];
  if (scene.processes === null) return right;
  const running = countRunning(scene.processes);
  right.push({ text: running > 0 ? `${running} running` : '', style: dim }, { text: count, style: theme.style('strong') });
  return right;
}

function countRunning({ state, length }: SceneProcesses): number {
  let count = 0;
  for (let row = 0; row < length; row++) if (state[row] === RUNNING) count++;
  return count;
}

/** What stands in the lower line: what is wrong with the filter or the filter itself, whom the list follows, which rows these are. */
function drawFootOfFrame({ region, theme }: Paper, { state, rows, scene }: Picture, first: number, shown: number): void {
  const { width, height } = region;
  let end = width - 2;
  const put = (text: string, role: 'dim' | 'warn' | 'bad' | 'key'): void => {
    const room = end - 4;
    if (room < 8) return;
    const used = region.text(3, height - 1, text, theme.style(role), room);
    region.put(2, height - 1, 0x20, theme.style('border'));
    region.put(3 + used, height - 1, 0x20, theme.style('border'));
  };
  const all = rows.order.length;
  if (all > shown && shown > 0) {
    const place = `${first + 1}-${Math.min(all, first + shown)} of ${all}`;
    if (place.length + 6 < width) {
      end -= place.length + 2;
      region.text(end, height - 1, ` ${place} `, theme.style('dim'));
    }
  }
  const filter = state.filter === '' ? '' : `filter: ${state.filter}`;
  if (rows.problem !== null) put(rows.problem, 'bad');
  else if (state.follow && state.selected !== null) {
    const index = indexOfSelected(rows, scene.processes, state.selected);
    const name = index < 0 ? '' : ` ${scene.processes!.identities[rows.order[index]!]!.name}`;
    const text = `following ${state.selected.pid}${name}${index < 0 ? ', which is not in this list' : ''}`;
    put(filter === '' ? text : `${text}, ${filter}`, 'warn');
  } else if (filter !== '') {
    put(filter, 'key');
    region.mark(2, height - 1, Math.min(filter.length + 2, Math.max(0, end - 3)), 1, { kind: 'edit-filter' });
  }
}

function drawList(paper: Paper, picture: Picture): void {
  const { scene, state, rows } = picture;
  const { processes } = scene;
  const inside = drawFrame(paper, { box: 'processes', title: 'processes', right: headline(paper, picture) });
  const { region, theme } = inside;
  const isFramed = hasFrame(paper.region.width, paper.region.height);
  const shown = isFramed ? visibleRows(paper.region.height) : Math.max(0, region.height - 1);
  const first = Math.max(0, Math.min(state.scroll, rows.order.length - shown));
  if (isFramed) drawFootOfFrame(paper, picture, first, processes === null ? 0 : shown);
  if (processes === null) {
    region.text(1, 0, `Processes: ${whyUnread(picture, ['process'])}`, theme.style('dim'), Math.max(0, region.width - 2));
    return;
  }
  const { width } = region;
  const columns = columnsFor(width, state.sort);
  drawHeading(inside, columns, width, state);
  if (rows.order.length === 0) {
    const why = state.filter === '' ? 'There is no process.' : 'No process is let through by the filter.';
    region.text(1, 1, why, theme.style('dim'), Math.max(0, region.width - 2));
    return;
  }
  const look = rowLook(inside, {
    processes,
    rows,
    time: scene.time,
    cores: state.cpuOfMachine ? Math.max(1, scene.machine.cores ?? 1) : 1,
    memory: scene.values.get('memory_total') ?? null,
  });
  const selected = indexOfSelected(rows, processes, state.selected);
  const end = Math.min(rows.order.length, first + shown);
  for (let index = first; index < end; index++) drawRow(inside, look, columns, index, 1 + index - first, width, index === selected);
  if (isFramed) drawScrollBar(paper, first, shown, rows.order.length);
}

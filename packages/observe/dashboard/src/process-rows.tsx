import { useEffect, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { ProcessFrame } from './api.ts';
import { PROCESS_COLUMNS } from './process-columns.ts';
import { processKey } from './process-tree.ts';
import type { ProcessLine, ProcessSort, ProcessView } from './process-tree.ts';

/** CSS pixels of a line; the style sheet says the same. */
const LINE = 24;
/** Lines drawn above and below those that can be seen, so that scrolling shows no hole. */
const SPARE = 6;

/** What the rows show and do. */
export interface ProcessRowsProps {
  readonly frame: ProcessFrame | null;
  readonly lines: readonly ProcessLine[];
  readonly view: ProcessView;
  readonly selected: string | null;
  readonly sortBy: (sort: ProcessSort) => void;
  readonly select: (key: string | null) => void;
  readonly fold: (key: string) => void;
  /** Says whether the order is to stay: somebody aims at a row, with the pointer or with the keys. */
  readonly hold: (held: boolean) => void;
}

/** The rows that can be seen, of however many there are. */
export function ProcessRows(props: ProcessRowsProps): VNode {
  const { frame, lines, view, selected, sortBy, select, fold, hold } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [aims, setAims] = useState({ pointer: false, keys: false });
  const [range, setRange] = useState({ first: 0, count: 40 });

  const measure = (): void => {
    const box = scroller.current;
    if (!box) return;
    const first = Math.max(0, Math.floor(box.scrollTop / LINE) - SPARE);
    const count = Math.ceil(box.clientHeight / LINE) + 2 * SPARE;
    setRange((now) => (now.first === first && now.count === count ? now : { first, count }));
  };
  useEffect(() => {
    if (!scroller.current) return undefined;
    const sizes = new ResizeObserver(measure);
    sizes.observe(scroller.current);
    return () => sizes.disconnect();
  }, []);
  useEffect(measure, [lines.length]);
  useEffect(() => hold(aims.pointer || (aims.keys && selected !== null)), [aims, selected]);
  useEffect(() => {
    const index = lines.findIndex(({ process }) => processKey(process) === selected);
    if (index >= 0) reveal(index);
  }, [selected, view.tree]);

  const aimBy = (what: 'pointer' | 'keys', is: boolean): void => setAims((now) => ({ ...now, [what]: is }));
  const reveal = (index: number): void => {
    const box = scroller.current;
    if (!box) return;
    const top = index * LINE;
    const height = box.clientHeight - LINE;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + LINE > box.scrollTop + height) box.scrollTop = top + LINE - height;
  };
  const onKey = (event: KeyboardEvent): void => {
    const at = lines.findIndex(({ process }) => processKey(process) === selected);
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? LINE) / LINE) - 2);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: Math.max(0, at - 1),
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: lines.length - 1,
    };
    const line = lines[at];
    if (event.key in moves) {
      const to = Math.max(0, Math.min(lines.length - 1, moves[event.key]!));
      const next = lines[to];
      if (next) select(processKey(next.process));
      reveal(to);
    } else if (event.key === 'Escape') select(null);
    else if (
      line &&
      line.children > 0 &&
      (event.key === 'Enter' || (event.key === 'ArrowLeft' && !line.collapsed) || (event.key === 'ArrowRight' && line.collapsed))
    )
      fold(processKey(line.process));
    else return;
    event.preventDefault();
  };

  const first = Math.min(range.first, Math.max(0, lines.length - range.count));
  const shown = lines.slice(first, first + range.count);
  return (
    <div
      class="process-scroll"
      ref={scroller}
      onScroll={measure}
      onKeyDown={onKey}
      onFocus={(event) => aimBy('keys', event.currentTarget.matches(':focus-visible'))}
      onBlur={() => aimBy('keys', false)}
      tabIndex={0}
      role={view.tree ? 'treegrid' : 'grid'}
      aria-label="Processes"
      aria-rowcount={lines.length + 1}
      aria-activedescendant={shown.some(({ process }) => processKey(process) === selected) ? `process-${selected}` : undefined}
    >
      <div class="process-head" role="row" aria-rowindex={1}>
        {PROCESS_COLUMNS.map((column) => (
          <div
            key={column.sort}
            role="columnheader"
            class={`cell-${column.sort}`}
            aria-sort={column.sort !== view.sort ? 'none' : view.descending ? 'descending' : 'ascending'}
          >
            <button type="button" onClick={() => sortBy(column.sort)} title={column.help} tabIndex={0}>
              {column.title}
              <i aria-hidden="true">{column.sort !== view.sort ? '' : view.descending ? '▾' : '▴'}</i>
            </button>
          </div>
        ))}
        <div role="columnheader" class="cell-command">
          <span>Command</span>
        </div>
      </div>
      <div
        class="process-space"
        role="rowgroup"
        style={{ height: `${lines.length * LINE}px` }}
        onPointerEnter={() => aimBy('pointer', true)}
        onPointerLeave={() => aimBy('pointer', false)}
      >
        <div style={{ transform: `translateY(${first * LINE}px)` }}>
          {shown.map((line, index) => (
            <Row
              key={processKey(line.process)}
              line={line}
              frame={frame}
              tree={view.tree}
              index={first + index}
              selected={processKey(line.process) === selected}
              select={select}
              fold={fold}
            />
          ))}
        </div>
      </div>
      {frame !== null && lines.length === 0 ? <p class="empty">No process matches the filter.</p> : null}
    </div>
  );
}

interface RowProps {
  readonly line: ProcessLine;
  readonly frame: ProcessFrame | null;
  readonly tree: boolean;
  readonly index: number;
  readonly selected: boolean;
  readonly select: (key: string | null) => void;
  readonly fold: (key: string) => void;
}

function Row({ line, frame, tree, index, selected, select, fold }: RowProps): VNode {
  const { process } = line;
  const key = processKey(process);
  return (
    <div
      role="row"
      id={`process-${key}`}
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-pid={process.pid}
      class={`process-line${selected ? ' selected' : ''}${line.matches ? '' : ' context'}${process.kernel ? ' kernel' : ''}`}
      onClick={() => select(selected ? null : key)}
      {...(tree ? { 'aria-level': line.depth + 1, ...(line.children > 0 ? { 'aria-expanded': !line.collapsed } : {}) } : {})}
    >
      {PROCESS_COLUMNS.map((column) => (
        <div key={column.sort} role="gridcell" class={`cell-${column.sort}`}>
          {column.bar && frame ? (
            <i class="bar" style={{ width: `${Math.round(column.bar(process, frame) * 100)}%` }} aria-hidden="true" />
          ) : null}
          {column.sort === 'name' && tree ? <Indent line={line} fold={() => fold(key)} /> : null}
          {column.sort === 'state' ? (
            <b class={`state state-${/^[A-Za-z]$/.test(process.state) ? process.state : 'unknown'}`}>{process.state}</b>
          ) : (
            <span>{column.text(process)}</span>
          )}
        </div>
      ))}
      <div role="gridcell" class="cell-command">
        <span>{process.command === null ? '(not readable)' : process.command === '' ? `[${process.name}]` : process.command}</span>
      </div>
    </div>
  );
}

function Indent({ line, fold }: { readonly line: ProcessLine; readonly fold: () => void }): VNode {
  return (
    <span class="indent" style={{ width: `${Math.min(line.depth, 24) * 12 + 16}px` }}>
      {line.children > 0 ? (
        <button
          type="button"
          tabIndex={-1}
          aria-label={line.collapsed ? 'Unfold' : 'Fold'}
          onClick={(event) => {
            event.stopPropagation();
            fold();
          }}
        >
          {line.collapsed ? '▸' : '▾'}
        </button>
      ) : null}
    </span>
  );
}

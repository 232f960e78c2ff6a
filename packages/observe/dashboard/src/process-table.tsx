import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { formatMoment } from './format-quantity.ts';
import { useCell } from './observable.ts';
import type { ProcessRow } from './api.ts';
import type { Page } from './page.ts';
import { STATE_NAMES } from './process-columns.ts';
import { ProcessDetails } from './process-details.tsx';
import { ProcessRows } from './process-rows.tsx';
import { arrangeProcesses, processKey, sortsDescending } from './process-tree.ts';
import type { ProcessLine, ProcessSort, ProcessView } from './process-tree.ts';

const FIRST_VIEW: ProcessView = { sort: 'cpu', descending: true, filter: '', tree: false, collapsed: new Set(), states: new Set() };

/** The table of processes with its filter, states and details. It asks the server for processes only while it is on the screen. */
export function ProcessTable({ page }: { readonly page: Page }): VNode {
  const section = useRef<HTMLElement>(null);
  const frame = useCell(page.processes);
  const moment = useCell(page.moment.at);
  const missing = useCell(page.moment.missing);
  const [view, setView] = useState<ProcessView>(FIRST_VIEW);
  const [selected, setSelected] = useState<string | null>(null);

  useEffect(() => {
    if (!section.current) return undefined;
    const observer = new IntersectionObserver((entries) => page.watchProcesses(entries.some(({ isIntersecting }) => isIntersecting)), {
      rootMargin: '100px',
    });
    observer.observe(section.current);
    return () => observer.disconnect();
  }, [page]);

  const processes = frame?.processes ?? [];
  const [held, setHeld] = useState(false);
  const lines = useLines(processes, view, held);
  const matching = view.tree ? lines.filter(({ matches }) => matches).length : lines.length;
  const change = (part: Partial<ProcessView>): void => setView((now) => ({ ...now, ...part }));
  const toggleIn = (set: ReadonlySet<string>, key: string): ReadonlySet<string> => {
    const next = new Set(set);
    if (!next.delete(key)) next.add(key);
    return next;
  };
  const sortBy = (sort: ProcessSort): void => change({ sort, descending: sort === view.sort ? !view.descending : sortsDescending(sort) });
  const parents = (): string[] => {
    const pids = new Set(processes.map(({ ppid }) => ppid));
    return processes.filter(({ pid }) => pids.has(pid)).map(processKey);
  };

  return (
    <section class="processes" id="processes" aria-label="Processes" ref={section}>
      <header class="section-head">
        <h2>Processes</h2>
        <span class="muted number" role="status">
          {frame === null
            ? (missing ?? 'waiting for the first table')
            : view.filter || view.states.size > 0
              ? `${matching} of ${processes.length}`
              : String(processes.length)}
          {frame !== null && moment !== null ? `, as recorded at ${formatMoment(frame.time)}` : ''}
        </span>
        {held ? (
          <span class="muted" title="Rows do not move while you point at them; values go on">
            order held
          </span>
        ) : null}
        <input
          id="process-filter"
          type="search"
          placeholder="Filter: name, command, user, pid  ( / )"
          aria-label="Filter processes"
          value={view.filter}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => change({ filter: event.currentTarget.value })}
        />
        <button
          type="button"
          class="toggle"
          aria-pressed={view.tree}
          onClick={() => change({ tree: !view.tree })}
          title="Show which process started which"
        >
          Tree
        </button>
        {view.tree ? (
          <button type="button" onClick={() => change({ collapsed: view.collapsed.size > 0 ? new Set() : new Set(parents()) })}>
            {view.collapsed.size > 0 ? 'Unfold all' : 'Fold all'}
          </button>
        ) : null}
      </header>
      <States processes={processes} chosen={view.states} toggle={(state) => change({ states: toggleIn(view.states, state) })} />
      <div class={`process-body${selected === null ? '' : ' with-details'}`}>
        <ProcessRows
          frame={frame}
          lines={lines}
          view={view}
          selected={selected}
          sortBy={sortBy}
          select={setSelected}
          hold={setHeld}
          fold={(key) => change({ collapsed: toggleIn(view.collapsed, key) })}
        />
        {selected === null ? null : <ProcessDetails frame={frame} selected={selected} select={setSelected} page={page} />}
      </div>
    </section>
  );
}

/** The lines in the order of the view. While they are held they stay where they are, whatever their values become. */
function useLines(processes: readonly ProcessRow[], view: ProcessView, held: boolean): readonly ProcessLine[] {
  const last = useRef<{ readonly view: ProcessView; readonly lines: readonly ProcessLine[] } | null>(null);
  return useMemo(() => {
    const before = last.current;
    const isSameOrder =
      before !== null && before.view.sort === view.sort && before.view.descending === view.descending && before.view.tree === view.tree;
    const lines = arrangeProcesses(processes, view, held && isSameOrder ? before.lines : undefined);
    last.current = { view, lines };
    return lines;
  }, [processes, view, held]);
}

interface StatesProps {
  readonly processes: readonly { readonly state: string }[];
  readonly chosen: ReadonlySet<string>;
  readonly toggle: (state: string) => void;
}

/** The letters of the states, what they mean and how many there are; pressing one shows only those. */
function States({ processes, chosen, toggle }: StatesProps): VNode {
  const counts = new Map<string, number>();
  for (const { state } of processes) counts.set(state, (counts.get(state) ?? 0) + 1);
  for (const state of chosen) if (!counts.has(state)) counts.set(state, 0);
  const order = Object.keys(STATE_NAMES);
  const shown = [...counts].sort(([a], [b]) => ((order.indexOf(a) + 99) % 99) - ((order.indexOf(b) + 99) % 99));
  return (
    <ul class="states" aria-label="States">
      {shown.map(([state, count]) => (
        <li key={state}>
          <button type="button" aria-pressed={chosen.has(state)} onClick={() => toggle(state)}>
            <b class={`state state-${/^[A-Za-z]$/.test(state) ? state : 'unknown'}`}>{state}</b> {STATE_NAMES[state] ?? 'unknown'}{' '}
            <span class="number muted">{count}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ComponentChildren, VNode } from 'preact';
import type { ProcessFrame, ProcessRow } from './api.ts';
import { formatCpuTime, formatDuration, formatMoment, formatQuantity } from './format-quantity.ts';
import { useCell } from './observable.ts';
import type { Page } from './page.ts';
import { formatCpuShare, STATE_NAMES } from './process-columns.ts';
import { ProcessActs } from './process-acts.tsx';
import { processKey } from './process-tree.ts';
import { drawSparkline } from './sparkline.ts';

/** Seconds of the two small curves. */
const SECONDS = 120;

/** What is known of the selected process, and how its CPU and memory went since it was selected. */
export function ProcessDetails(props: {
  readonly frame: ProcessFrame | null;
  readonly selected: string;
  readonly select: (key: string | null) => void;
  readonly page: Page;
}): VNode {
  const { frame, selected, select, page } = props;
  const palette = useCell(page.theme.palette);
  const seen = useRef<{ key: string; process: ProcessRow | null; time: number[]; cpu: (number | null)[]; rss: (number | null)[] }>({
    key: '',
    process: null,
    time: [],
    cpu: [],
    rss: [],
  });
  const cpuCanvas = useRef<HTMLCanvasElement>(null);
  const rssCanvas = useRef<HTMLCanvasElement>(null);
  const current = frame?.processes.find((process) => processKey(process) === selected) ?? null;
  if (seen.current.key !== selected) seen.current = { key: selected, process: current, time: [], cpu: [], rss: [] };
  const past = seen.current;
  if (current && frame && past.time.at(-1) !== frame.time) {
    past.process = current;
    past.time.push(frame.time);
    past.cpu.push(current.cpu);
    past.rss.push(current.rss);
    while (past.time[0]! < frame.time - SECONDS) for (const column of [past.time, past.cpu, past.rss]) column.shift();
  }
  const process = current ?? past.process;
  useLayoutEffect(() => {
    const to = past.time.at(-1) ?? 0;
    if (cpuCanvas.current) drawSparkline(cpuCanvas.current, [past.time, past.cpu], to - SECONDS, to, null, palette.series[0]!);
    if (rssCanvas.current) drawSparkline(rssCanvas.current, [past.time, past.rss], to - SECONDS, to, null, palette.series[1]!);
  }, [frame, selected, palette]);

  const parent = process ? (frame?.processes.find(({ pid }) => pid === process.ppid) ?? null) : null;
  const children = process ? (frame?.processes.filter(({ ppid, pid }) => ppid === process.pid && pid !== process.pid) ?? []) : [];
  return (
    <aside class="process-details" aria-label="Selected process">
      <header>
        <h3>{process?.name ?? 'Unknown process'}</h3>
        {current ? null : <em>ended</em>}
        <button type="button" class="icon" aria-label="Close details" onClick={() => select(null)}>
          ×
        </button>
      </header>
      {process ? (
        <>
          <pre class="command">
            {process.command === null
              ? '(the command line may not be read)'
              : process.command || '(a thread of the kernel has no command line)'}
          </pre>
          <ProcessActs key={selected} page={page} process={process} ended={current === null} />
          <div class="details-curves">
            <Curve label="CPU" value={`${formatCpuShare(process.cpu)} %`} canvas={cpuCanvas} />
            <Curve label="Memory" value={formatQuantity(process.rss, 'bytes')} canvas={rssCanvas} />
          </div>
          <dl>
            <Fact name="PID">{process.pid}</Fact>
            <Fact name="Parent">
              {parent ? (
                <button type="button" class="link" onClick={() => select(processKey(parent))}>
                  {parent.pid} {parent.name}
                </button>
              ) : (
                process.ppid
              )}
            </Fact>
            <Fact name="Children">{children.length}</Fact>
            <Fact name="User">
              {process.user ?? 'unknown'}
              {process.uid === null ? '' : ` (${process.uid})`}
            </Fact>
            <Fact name="State">
              {process.state} {STATE_NAMES[process.state] ?? 'unknown'}
            </Fact>
            <Fact name="Started">
              {formatMoment(process.startTime)}, {formatDuration((frame?.time ?? process.startTime) - process.startTime)} ago
            </Fact>
            <Fact name="CPU time">
              user {formatCpuTime(process.cpuUser)}, system {formatCpuTime(process.cpuSystem)}
            </Fact>
            <Fact name="Address space">{formatQuantity(process.virtual, 'bytes')}</Fact>
            <Fact name="Threads">{process.threads ?? 'unknown'}</Fact>
            <Fact name="Niceness">{process.nice}</Fact>
            <Fact name="Read">
              {formatQuantity(process.readBytes, 'bytes')}, {formatQuantity(process.readBytesPerSecond, 'bytes/second')}
            </Fact>
            <Fact name="Written">
              {formatQuantity(process.writeBytes, 'bytes')}, {formatQuantity(process.writeBytesPerSecond, 'bytes/second')}
            </Fact>
          </dl>
          {process.readBytes === null ? <p class="muted">A dash at read and written means that this user may not see it.</p> : null}
        </>
      ) : null}
    </aside>
  );
}

function Curve(props: { readonly label: string; readonly value: string; readonly canvas: { current: HTMLCanvasElement | null } }): VNode {
  return (
    <div>
      <span>
        {props.label} <b class="number">{props.value}</b>
      </span>
      <canvas ref={props.canvas} aria-hidden="true" />
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="number">{children}</dd>
    </div>
  );
}

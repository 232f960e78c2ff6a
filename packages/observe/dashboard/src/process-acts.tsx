import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { postJson } from './api.ts';
import type { ProcessRow } from './api.ts';
import { useCell } from './observable.ts';
import type { Page } from './page.ts';

/** Signals that can be sent, and what they come to. */
const SIGNALS: readonly (readonly [name: string, meaning: string])[] = [
  ['TERM', 'asks it to end'],
  ['KILL', 'ends it at once; it cannot save anything'],
  ['INT', 'as Ctrl-C would'],
  ['HUP', 'many programs read their settings anew'],
  ['QUIT', 'ends it with a core dump'],
  ['STOP', 'lets it stand still'],
  ['CONT', 'lets it go on'],
  ['USR1', 'what it means is up to the program'],
  ['USR2', 'what it means is up to the program'],
];

type Act = 'signal' | 'priority';

/** What can be done to the process, for who may act; nothing for others, for the past, and for threads of the kernel. */
export function ProcessActs({
  page,
  process,
  ended,
}: {
  readonly page: Page;
  readonly process: ProcessRow;
  readonly ended: boolean;
}): VNode | null {
  const canAct = useCell(page.canActOnProcesses);
  const moment = useCell(page.moment.at);
  const [open, setOpen] = useState<Act | null>(null);
  const [done, setDone] = useState<string | null>(null);
  if (!canAct || moment !== null || process.kernel) return null;
  return (
    <div class="process-acts">
      <button type="button" disabled={ended} onClick={() => setOpen('signal')}>
        Send a signal …
      </button>
      <button type="button" disabled={ended} onClick={() => setOpen('priority')}>
        Change niceness …
      </button>
      <span class="muted" role="status">
        {done}
      </span>
      {open === null ? null : (
        <ActDialog
          process={process}
          act={open}
          close={(text) => {
            setOpen(null);
            setDone(text);
          }}
        />
      )}
    </div>
  );
}

interface ActDialogProps {
  readonly process: ProcessRow;
  readonly act: Act;
  /** With what was done, or null when nothing was. */
  readonly close: (done: string | null) => void;
}

/** Asks once more, with everything that says which process is meant. The server checks that it still is that one. */
function ActDialog({ process, act, close }: ActDialogProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [signal, setSignal] = useState('TERM');
  const [nice, setNice] = useState(process.nice);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    // What Enter does by accident is nothing.
    cancel.current?.focus();
  }, []);

  const send = async (): Promise<void> => {
    const { pid, startedAfterBoot, name } = process;
    setBusy(true);
    setError(null);
    try {
      await postJson(`api/v1/processes/${act}`, { pid, startedAfterBoot, ...(act === 'signal' ? { signal } : { nice }) });
      close(act === 'signal' ? `${signal} was sent to ${name} (${pid}).` : `${name} (${pid}) now has niceness ${nice}.`);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} class="act" aria-labelledby="act-title" onClose={() => close(null)}>
      <form
        class="help"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <h2 id="act-title">{act === 'signal' ? 'Send a signal to this process?' : 'Change the niceness of this process?'}</h2>
        <dl>
          <div>
            <dt>Name</dt>
            <dd>{process.name}</dd>
          </div>
          <div>
            <dt>PID</dt>
            <dd class="number">{process.pid}</dd>
          </div>
          <div>
            <dt>User</dt>
            <dd>{process.user ?? 'unknown'}</dd>
          </div>
        </dl>
        <pre class="command">{process.command ?? '(the command line may not be read)'}</pre>
        {act === 'signal' ? (
          <label>
            Signal{' '}
            <select value={signal} onChange={(event) => setSignal(event.currentTarget.value)}>
              {SIGNALS.map(([name, meaning]) => (
                <option key={name} value={name}>
                  {name}: {meaning}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <label>
            Niceness (-20 goes first, 19 last){' '}
            <input
              type="number"
              min={-20}
              max={19}
              step={1}
              required
              value={nice}
              onInput={(event) => setNice(event.currentTarget.valueAsNumber)}
            />
          </label>
        )}
        {error === null ? null : (
          <p class="failure" role="alert">
            {error}
          </p>
        )}
        <div class="act-buttons">
          <button ref={cancel} type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="danger" disabled={busy}>
            {act === 'signal' ? `Send ${signal}` : 'Change'}
          </button>
        </div>
      </form>
    </dialog>
  );
}

import type { Alert, AlertChange } from '../../src/alert/alerts.ts';
import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { eventSentence } from './event-words.ts';
import { formatDuration, formatMoment, formatQuantity } from './format-quantity.ts';
import { useCell } from './observable.ts';
import type { Page } from './page.ts';
import { TableCard } from './table-card.tsx';

/** Rows of a list that are drawn; the newest come first. */
const SHOWN = 100;

/** Each severity has a sign of its own: colours alone do not tell them apart. */
const SIGNS = { critical: '■', warning: '◆', over: '○' } as const;

/** What is wrong, what was, and what happened. Nothing where the server says nothing of it. */
export function WatchPanel({ page }: { readonly page: Page }): VNode | null {
  const active = useCell(page.alerts.active);
  const events = useCell(page.events.list);
  if (active === null && events === null) return null;
  return (
    <section class="tables" id="watch" aria-label="Alerts and events">
      {active === null ? null : <Active page={page} alerts={active} />}
      {active === null ? null : <Changes page={page} />}
      {events === null ? null : (
        <TableCard title="Events" count={events.length}>
          <tbody>
            {events.length === 0 ? <Nothing>Nothing has happened since the daemon started.</Nothing> : null}
            {events.slice(0, SHOWN).map((event) => (
              <tr key={`${event.id} ${event.time}`}>
                <MomentCell page={page} time={event.time} />
                <td class="short muted">{event.kind}</td>
                <td>{eventSentence(event)}</td>
              </tr>
            ))}
          </tbody>
        </TableCard>
      )}
    </section>
  );
}

function Nothing({ children }: { readonly children: string }): VNode {
  return (
    <tr>
      <td class="muted">{children}</td>
    </tr>
  );
}

/** A time that is a way to it: the page then shows the machine as it was. */
function MomentCell({ page, time }: { readonly page: Page; readonly time: number }): VNode {
  return (
    <td class="short">
      <button type="button" class="link number" title="Show the machine as it was then" onClick={() => page.moment.goTo(time)}>
        {formatMoment(time)}
      </button>
    </td>
  );
}

function Active({ page, alerts }: { readonly page: Page; readonly alerts: readonly Alert[] }): VNode {
  const canAct = useCell(page.canAct);
  const tick = useCell(page.tick);
  const [error, setError] = useState<string | null>(null);
  const silence = (id: string, until: number | null): void => {
    setError(null);
    page.alerts.silence(id, until).catch((failure: unknown) => setError(failure instanceof Error ? failure.message : String(failure)));
  };
  return (
    <TableCard title="Alerts" count={alerts.length}>
      <tbody>
        {error === null ? null : (
          <tr>
            <td colSpan={3} class="failure" role="alert">
              It could not be silenced: {error}
            </td>
          </tr>
        )}
        {alerts.length === 0 ? <Nothing>All is well.</Nothing> : null}
        {alerts.map((alert) => (
          <tr key={alert.id} data-alert={alert.id}>
            <td class="short">
              <Severity severity={alert.severity} />
            </td>
            <td>
              {alert.summary}
              <div class="muted">
                since {formatMoment(alert.since)}, {formatDuration(Math.max(0, tick - alert.since))}
                {alert.silencedUntil === null ? '' : `; silenced until ${formatMoment(alert.silencedUntil)}`}
              </div>
              {alert.advice === null ? null : <div class="detail">{alert.advice}</div>}
            </td>
            {canAct ? (
              <td class="short">
                <Silence alert={alert} silence={silence} />
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </TableCard>
  );
}

function Severity({ severity }: { readonly severity: Alert['severity'] }): VNode {
  const kind = severity ?? 'over';
  return (
    <span class={`severity ${kind}`}>
      <i aria-hidden="true">{SIGNS[kind]}</i> {kind}
    </span>
  );
}

const SPANS: readonly (readonly [seconds: number, label: string])[] = [
  [3600, 'for 1 h'],
  [8 * 3600, 'for 8 h'],
  [86_400, 'for 1 day'],
  [7 * 86_400, 'for 7 days'],
];

function Silence({ alert, silence }: { readonly alert: Alert; readonly silence: (id: string, until: number | null) => void }): VNode {
  if (alert.silencedUntil !== null) {
    return (
      <button type="button" aria-label={`Tell about ${alert.id} again`} onClick={() => silence(alert.id, null)}>
        Tell again
      </button>
    );
  }
  return (
    <select
      aria-label={`Silence ${alert.id}`}
      value=""
      onChange={(event) => silence(alert.id, Math.round(Date.now() / 1000) + Number(event.currentTarget.value))}
    >
      <option value="">Silence …</option>
      {SPANS.map(([seconds, label]) => (
        <option key={seconds} value={seconds}>
          {label}
        </option>
      ))}
    </select>
  );
}

function Changes({ page }: { readonly page: Page }): VNode {
  const changes: readonly AlertChange[] = useCell(page.alerts.changes);
  return (
    <TableCard title="Alerts of the past" count={changes.length}>
      <tbody>
        {changes.length === 0 ? <Nothing>No alert has changed yet.</Nothing> : null}
        {changes.slice(0, SHOWN).map(({ time, alert }) => (
          <tr key={`${time} ${alert.id}`}>
            <MomentCell page={page} time={time} />
            <td class="short">
              <Severity severity={alert.severity} />
            </td>
            <td>
              {alert.severity === null ? alert.id : alert.summary}
              {alert.severity === null && alert.value !== null ? (
                <span class="muted"> at {formatQuantity(alert.value, alert.unit)}</span>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </TableCard>
  );
}

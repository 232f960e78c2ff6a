import type { VNode } from 'preact';
import { formatMoment } from './format-quantity.ts';
import { useCell } from './observable.ts';
import type { Page } from './page.ts';
import { TableCard } from './table-card.tsx';

/** What the kinds of its events mean. */
const MEANINGS: Readonly<Record<string, string>> = {
  recovered: 'what a killed process or a reboot had left was finished',
  tuned: 'the profile was applied',
  refused: 'it could not be applied, or was undone because the machine got worse',
  drift: 'somebody changed what was set',
  failed: 'the watch itself ended',
};

/** The profile that the daemon keeps, and what happened to it; nothing where it keeps none. */
export function TuningTable({ page }: { readonly page: Page }): VNode | null {
  const tuning = useCell(page.tuning);
  if (!tuning || (tuning.profile === null && tuning.events.length === 0)) return null;
  return (
    <TableCard title={`Tuning: ${tuning.profile ?? 'no profile'}`} count={null}>
      <tbody>
        {tuning.events.length === 0 ? (
          <tr>
            <td class="muted">Nothing has happened to it yet.</td>
          </tr>
        ) : null}
        {[...tuning.events].reverse().map((event) => (
          <tr key={`${event.time} ${event.kind}`}>
            <td class="short number">{formatMoment(event.time)}</td>
            <td class="short">{event.kind}</td>
            <td>
              {[event.title, event.target, event.changes === undefined ? null : `${event.changes} changes`].filter(Boolean).join(', ')}
              <div class="muted">{event.reason ?? MEANINGS[event.kind] ?? ''}</div>
            </td>
          </tr>
        ))}
      </tbody>
    </TableCard>
  );
}

import type { VNode } from 'preact';
import type { FilesystemReading, Gap } from '@hecate/metrics';
import type { SnapshotFacts } from './api.ts';
import { groupGaps } from '../../src/record/gap-groups.ts';
import { formatQuantity } from './format-quantity.ts';
import { LiveValue } from './live-value.tsx';
import { useCell } from './observable.ts';
import type { Page } from './page.ts';
import { SensorTable } from './sensor-table.tsx';
import { TableCard } from './table-card.tsx';
import { TuningTable } from './tuning-table.tsx';

/** Tables of what changes slowly: file systems, interfaces, and what could not be read. */
export function MachineTables({ page }: { readonly page: Page }): VNode {
  const snapshot = useCell(page.snapshot);
  return (
    <section class="tables" id="machine" aria-label="Machine">
      <Filesystems snapshot={snapshot} page={page} />
      <Interfaces snapshot={snapshot} page={page} />
      <SensorTable snapshot={snapshot} />
      <TuningTable page={page} />
      <Gaps snapshot={snapshot} />
    </section>
  );
}

interface SnapshotProps {
  readonly snapshot: SnapshotFacts | null;
}

const share = (used: number | null, all: number | null): number | null =>
  used === null || all === null || all <= 0 ? null : (100 * used) / all;
const minus = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b);
const plus = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);

/** Space in use as `df` counts it: of what users can get, not of what is reserved for root. */
function usedPercent(row: FilesystemReading): number | null {
  return share(row.used, row.used === null || row.available === null ? null : row.used + row.available);
}

/** Space and addresses are those of the last look; a chosen moment has only what its series say. */
function Filesystems({ snapshot, page }: SnapshotProps & { readonly page: Page }): VNode {
  const moment = useCell(page.moment.at);
  const rows = [...(snapshot?.filesystem ?? [])].sort(
    (a, b) =>
      Number(a.readOnly) - Number(b.readOnly) ||
      (usedPercent(b) ?? -1) - (usedPercent(a) ?? -1) ||
      a.mountpoint.localeCompare(b.mountpoint),
  );
  return (
    <TableCard title="File systems" count={snapshot ? rows.length : null}>
      <thead>
        <tr>
          <th>Mounted on</th>
          <th class="wide">Used</th>
          <th class="right">Available</th>
          <th class="right">Size</th>
          <th class="right" title="Inodes in use / all inodes">
            Inodes
          </th>
          <th>Device</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.mountpoint} ${row.device}`}>
            <td>
              {row.mountpoint}
              {row.readOnly ? <em class="tag">read-only</em> : null}
            </td>
            {row.size === null ? (
              <td colSpan={4} class="muted">
                did not answer{row.error === null ? '' : `: ${row.error}`}
              </td>
            ) : (
              <>
                <td class="wide">
                  <Meter
                    percent={moment === null ? usedPercent(row) : page.value(`filesystem.${row.mountpoint}.used_percent`)}
                    calm={row.readOnly}
                  />
                </td>
                <td class="right number">{formatQuantity(moment === null ? row.available : null, 'bytes')}</td>
                <td class="right number">{formatQuantity(row.size, 'bytes')}</td>
                <td class="right number">
                  {formatQuantity(moment === null ? share(minus(row.files, row.filesFree), row.files) : null, 'percent')}
                </td>
              </>
            )}
            <td class="muted">
              {row.device}
              {row.root === '/' ? '' : ` [${row.root}]`} · {row.fstype}
            </td>
          </tr>
        ))}
      </tbody>
    </TableCard>
  );
}

/** A read-only image is always full, and nobody minds. */
function Meter({ percent, calm }: { readonly percent: number | null; readonly calm: boolean }): VNode {
  const level = calm || percent === null || percent < 85 ? 'calm' : percent < 95 ? 'high' : 'critical';
  return (
    <div class={`meter ${level}`}>
      <span class="track">
        <i style={{ width: `${percent ?? 0}%` }} />
      </span>
      <b class="number">{formatQuantity(percent, 'percent')}</b>
    </div>
  );
}

function Interfaces({ snapshot, page }: SnapshotProps & { readonly page: Page }): VNode {
  const rows = snapshot?.interface ?? [];
  const counters = new Map((snapshot?.network ?? []).map((row) => [row.device, row]));
  return (
    <TableCard title="Network interfaces" count={snapshot ? rows.length : null}>
      <thead>
        <tr>
          <th>Name</th>
          <th>State</th>
          <th class="right" title="Bytes received / elapsed seconds, at the shown moment">
            In
          </th>
          <th class="right" title="Bytes sent / elapsed seconds, at the shown moment">
            Out
          </th>
          <th class="right" title="Since boot">
            Received
          </th>
          <th class="right" title="Since boot">
            Sent
          </th>
          <th class="right" title="Packets with errors, and packets dropped, since boot">
            Err / drop
          </th>
          <th>Addresses</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const count = counters.get(row.device);
          return (
            <tr key={row.device}>
              <td class="short">{row.device}</td>
              <td class="unbroken" title="State; bits per second, as sold; largest packet">
                <span class={row.operstate === 'up' ? '' : 'muted'}>{row.operstate ?? '–'}</span>
                <div class="muted">
                  {row.speed === null ? null : `${formatQuantity(row.speed * 8, 'hertz').replace('Hz', 'b/s')} `}
                  {row.mtu === null ? null : `MTU ${row.mtu}`}
                </div>
              </td>
              <td class="right">
                <LiveValue page={page} id={`network.${row.device}.receive_bytes_per_second`} unit="bytes/second" />
              </td>
              <td class="right">
                <LiveValue page={page} id={`network.${row.device}.transmit_bytes_per_second`} unit="bytes/second" />
              </td>
              <td class="right number">{formatQuantity(count?.receiveBytes, 'bytes')}</td>
              <td class="right number">{formatQuantity(count?.transmitBytes, 'bytes')}</td>
              <td class="right number">
                {count
                  ? `${formatQuantity(count.receiveErrors + count.transmitErrors, 'count')} / ${formatQuantity(plus(count.receiveDrops, count.transmitDrops), 'count')}`
                  : '–'}
              </td>
              <td class="address">
                {(row.addresses ?? []).map((address) => (
                  <div key={address}>{address}</div>
                ))}
                {row.address ? <div class="muted">{row.address}</div> : null}
              </td>
            </tr>
          );
        })}
      </tbody>
    </TableCard>
  );
}

const REASONS: Readonly<Record<string, string>> = {
  unsupported: 'this system or hardware does not offer it',
  permission: 'this user may not read it',
  absent: 'there is no such thing here',
  timeout: 'it did not answer in time',
  suspended: 'reading would wake a sleeping device',
  'no-baseline': 'a rate needs an earlier reading',
  error: 'the answer made no sense',
};

function Gaps({ snapshot }: SnapshotProps): VNode {
  const rows: readonly Gap[] = snapshot?.gaps ?? [];
  return (
    <TableCard title="What could not be read, and why" count={snapshot ? rows.length : null} whole stacked>
      {rows.length === 0 ? (
        <tbody>
          <tr>
            <td class="muted">{snapshot ? 'Everything could be read.' : 'Not asked yet.'}</td>
          </tr>
        </tbody>
      ) : (
        <tbody>
          {groupGaps(rows).map(({ fields, reason, detail }) => (
            <tr key={`${fields[0]} ${reason}`}>
              <td>{fields.join(', ')}</td>
              <td>
                <em class="tag">{reason}</em>
              </td>
              <td class="muted prose">
                {REASONS[reason] ?? ''}
                <div class="detail">{detail}</div>
              </td>
            </tr>
          ))}
        </tbody>
      )}
    </TableCard>
  );
}

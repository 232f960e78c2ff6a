import { useLayoutEffect, useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import { useCell } from './observable.ts';
import type { Page } from './page.ts';
import { drawSparkline } from './sparkline.ts';
import { tiles } from './tile-list.ts';
import type { Tile, TileLevel } from './tile-list.ts';
import type { Tooltip } from './tooltip.ts';

/** Not `critical`: that is a word of alerts, and a second of full load is none. */
const LEVEL_WORDS: Readonly<Record<Exclude<TileLevel, 'calm'>, string>> = { high: 'high', critical: 'very high' };

/** Seconds that the small curves show. */
const SPARK_SECONDS = 120;

/** The current values. */
export function Tiles({ page, tooltip }: { readonly page: Page; readonly tooltip: Tooltip }): VNode {
  const tick = useCell(page.tick);
  const host = useCell(page.host);
  const palette = useCell(page.theme.palette);
  const list = tiles(page.value, host?.cpuCount ?? null);
  return (
    <section class="tiles" aria-label="Current values">
      {list.map((tile) => (
        <TileCard key={tile.key} tile={tile} page={page} tick={tick} color={palette.series[0]!} tooltip={tooltip} />
      ))}
    </section>
  );
}

interface TileProps {
  readonly tile: Tile;
  readonly page: Page;
  readonly tick: number;
  readonly color: string;
  readonly tooltip: Tooltip;
}

function TileCard({ tile, page, tick, color, tooltip }: TileProps): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  // Before the frame is shown, not after: a second frame a tick would cost as much as the first.
  useLayoutEffect(() => {
    if (canvas.current)
      drawSparkline(
        canvas.current,
        page.shownStore().select([tile.series], tick - SPARK_SECONDS, tick),
        tick - SPARK_SECONDS,
        tick,
        tile.top,
        color,
      );
  }, [tick, tile.series, color]);
  const explain = (event: MouseEvent): void => tooltip.show(event.clientX, event.clientY, tile.label, [], tile.formula);
  return (
    <div class={`tile ${tile.level}`} data-tile={tile.key} onMouseEnter={explain} onMouseLeave={() => tooltip.hide()}>
      <canvas ref={canvas} aria-hidden="true" />
      <h2>
        {tile.label}
        {tile.level === 'calm' ? null : <em>{LEVEL_WORDS[tile.level]}</em>}
      </h2>
      <p class="tile-value number">{tile.value}</p>
      <p class="tile-detail number">{tile.detail}</p>
    </div>
  );
}

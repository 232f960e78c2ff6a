import type { ComponentChildren, VNode } from 'preact';

/** A table with its title, in a box that scrolls by itself. `count` null: not known yet. `whole`: as wide as the page; `stacked`: on narrow screens, cells below each other. */
export function TableCard({
  title,
  count,
  whole,
  stacked,
  children,
}: {
  readonly title: string;
  readonly count: number | null;
  readonly whole?: boolean;
  readonly stacked?: boolean;
  readonly children: ComponentChildren;
}): VNode {
  return (
    <div class={`card table-card${whole ? ' whole' : ''}${stacked ? ' stacked' : ''}`}>
      <header class="section-head">
        <h2>{title}</h2>
        <span class="muted number">{count ?? ''}</span>
      </header>
      <div class="table-scroll" tabIndex={0} role="region" aria-label={title}>
        <table>{children}</table>
      </div>
    </div>
  );
}

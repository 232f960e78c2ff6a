import { options, render } from 'preact';
import { App } from './app.tsx';
import { startBadge } from './badge.ts';
import { startDeepLink } from './deep-link.ts';
import { FIRST_SPAN, startPage } from './page.ts';
import { createTooltip } from './tooltip.ts';

// Components are drawn in the same frame as the charts, so that a tick is one frame.
options.debounceRendering = requestAnimationFrame;
const root = document.getElementById('app');
if (!root) throw new Error('The page has no element with the id app.');
const page = startPage();
startDeepLink(page, FIRST_SPAN);
startBadge(page);
render(<App page={page} tooltip={createTooltip()} />, root);

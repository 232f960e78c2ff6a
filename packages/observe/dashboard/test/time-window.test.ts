import { expect, test } from 'vitest';
import { LIVE_RANGES, liveWindow, panBy, pauseAt, resetWindow, visibleInterval, zoomBy, zoomTo } from '../src/time-window.ts';

const NOW = 10_000;

test('a live window follows the clock', () => {
  expect(visibleInterval(liveWindow(300), NOW)).toEqual({ from: 9700, to: NOW });
  expect(visibleInterval(liveWindow(300), NOW + 7)).toEqual({ from: 9707, to: NOW + 7 });
});

test('a zoomed window stands still', () => {
  const zoomed = zoomTo(liveWindow(300), NOW, 9800, 9900);
  expect(visibleInterval(zoomed, NOW + 50)).toEqual({ from: 9800, to: 9900 });
  expect(visibleInterval(zoomTo(liveWindow(300), NOW, 9900, 9800), NOW)).toEqual({ from: 9800, to: 9900 });
});

test('no window is too short to see, too long, or in the future', () => {
  const { from, to } = visibleInterval(zoomTo(liveWindow(60), NOW, 9990, 9990.1), NOW);
  expect(to - from).toBeCloseTo(5);
  expect(visibleInterval(zoomTo(liveWindow(60), NOW, 9990, NOW + 90), NOW).to).toBe(NOW);
  const longest = visibleInterval(zoomBy(liveWindow(3600), 1e9, 1e6), 1e9);
  expect(longest.to - longest.from).toBe(366 * 86_400);
});

test('zooming at a point keeps that point in its place', () => {
  const zoomed = zoomTo(liveWindow(300), NOW, 9000, 9400);
  expect(visibleInterval(zoomBy(zoomed, NOW, 0.5, 9100), NOW)).toEqual({ from: 9050, to: 9250 });
});

test('moving to the past and back ends live', () => {
  const back = panBy(liveWindow(300), NOW, -0.5);
  expect(visibleInterval(back, NOW)).toEqual({ from: 9550, to: 9850 });
  const again = panBy(back, NOW, 0.5);
  expect(again.fixed).toBeNull();
  expect(visibleInterval(again, NOW)).toEqual({ from: 9700, to: NOW });
});

test('a paused page stays paused when moved to the end, and resumes to a range', () => {
  const paused = pauseAt(liveWindow(300), NOW);
  expect(paused.paused).toBe(true);
  expect(visibleInterval(paused, NOW + 60)).toEqual({ from: 9700, to: NOW });
  expect(panBy(paused, NOW + 60, 5)).toMatchObject({ paused: true, fixed: { from: 9760, to: NOW + 60 } });
  expect(resetWindow(paused)).toEqual(liveWindow(300));
});

test('reset always gives a range that has a button', () => {
  for (const span of [5, 60, 61, 899, 3600, 90_000])
    expect(LIVE_RANGES.map(({ seconds }) => seconds)).toContain(resetWindow(liveWindow(span)).span);
});

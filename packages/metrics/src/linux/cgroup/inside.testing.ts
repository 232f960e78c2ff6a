/** A program for a control group of its own, started by `own-group.test.ts`: moves into the groups it is told, works a little, and reads. */
import { readFileSync, writeFileSync } from 'node:fs';
import { openHost } from '@hecate/host';
import { collectGaps } from '../../model/gap.ts';
import type { Gap } from '../../model/gap.ts';
import { cgroup } from '../cgroup.ts';

const { join, files } = JSON.parse(process.argv[2]!) as { join: string[]; files: string[] };
for (const file of join) writeFileSync(file, String(process.pid));
const until = process.cpuUsage().user + 200_000;
while (process.cpuUsage().user < until);
const texts = (): string[] => files.map((file) => readFileSync(file, 'utf8'));
const gaps: Gap[] = [];
const before = texts();
const reading = cgroup.open(openHost()).read(collectGaps(gaps));
const after = texts();
process.stdout.write(JSON.stringify({ reading, gaps, before, after }));

// What happens to this machine, as its kernel tells it, until Ctrl-C: links, mounts, memory, power.
import { openMachine } from '@hecate/metrics';

const ending = new AbortController();
process.once('SIGINT', () => ending.abort());

for await (const event of openMachine().events({ only: ['link', 'mount', 'oom-kill'], signal: ending.signal })) {
  console.log(JSON.stringify(event));
}

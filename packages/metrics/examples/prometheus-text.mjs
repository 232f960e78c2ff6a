// Prometheus text from the declarations alone: this file names no metric. (@hecate/observe has the complete exporter.)
import { openHost } from '@hecate/host';
import { collectorsOf, openSampler } from '@hecate/metrics';

const host = openHost();
const only = ['load', 'cpu'];
const sampler = openSampler(host, { only });
const snapshot = await sampler.take();
sampler.close();

for (const { name, groups } of collectorsOf(host.platform).filter((collector) => only.includes(collector.name))) {
  if (snapshot[name] === null) continue;
  for (const group of groups()) {
    for (const { key, kind, help, prometheus } of group.fields) {
      // Fields that share a family would need one heading together; this shows those that have a family of their own.
      if (!prometheus || prometheus.labels || Object.keys(group.labels).length > 0) continue;
      for (const row of group.rows(snapshot[name])) {
        if (typeof row[key] !== 'number') continue;
        console.log(`# HELP ${prometheus.name} ${help}\n# TYPE ${prometheus.name} ${kind}\n${prometheus.name} ${row[key]}`);
      }
    }
  }
}

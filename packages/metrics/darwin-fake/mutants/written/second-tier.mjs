// The second tier: what is asked of programs where the libraries are refused.
import { list } from './list.mjs';

export const mutants = [
  ...list('fallback.ts', [
    [
      'second tier: the lane stays fast, so programs start at every tick',
      "lane: () => (isText ? (tier.lane ?? 'slow') : null)",
      'lane: () => null',
    ],
    ['second tier: the lane stays slow when the libraries answer again', '      isText = false;\n', ''],
    ['second tier: only its own refusal is told', '`${sentenceOf(first)} ${sentenceOf(second)}`', '`${sentenceOf(second)}`'],
    ['second tier: the reason is that of the programs', 'CODES[gapReasonOf(first)]', 'CODES[gapReasonOf(second)]'],
    ['second tier: gaps of a read that was refused are told', '  let target = collectGaps(held);', '  let target = gaps;'],
    [
      'second tier: gaps of a read that was not refused are lost',
      '      target = gaps;\n      forward(held, gaps);',
      '      target = gaps;',
    ],
    ['second tier: gaps of the programs are lost', '        forward(told.gaps, gaps);\n', ''],
    [
      'second tier: a macOS that is too old is read from programs',
      'if (!isRefusal(error) || isTooOld(error)) throw error;\n        return second(error, gaps);\n      }\n    },\n  };\n}\n\n/**\n * The same',
      'if (!isRefusal(error)) throw error;\n        return second(error, gaps);\n      }\n    },\n  };\n}\n\n/**\n * The same',
    ],
    ['second tier: the version is not asked', 'requireKnownVersionByText(asked, host)', 'null'],
    ['second tier: programs outlive the reader', '      close() {\n        inquiry.cancel();', '      close() {'],
    ['second tier: programs outlive the sampler', 'cancel: () => inquiry.cancel(),', 'cancel: () => {},'],
    ['second tier: parts keep the gaps that programs filled', '!lost.includes(gap) || missing.has(gap.field)', 'true'],
    ['second tier: parts are not filled', 'return fill(reading, told.reading);', 'return reading;'],
    ['second tier: parts are asked for where nothing is missing', 'if (lost.length === 0) {', 'if (lost.length < 0) {'],
  ]),
  ...list('inquiry.ts', [
    ['second tier: one more run at each question', '      if (running) return running;\n', ''],
    ['second tier: no rest after a refusal', 'if (rest.lasts()) return', 'if (false) return'],
    [
      'second tier: an aborted run is a refusal',
      "if (signal.aborted) throw new HecateError('FAILED', 'It is not waited for any more.', { cause: error });\n",
      '',
    ],
  ]),
  ...list('process/others.ts', [
    ['others: ps at every pass', 'host.clock.monotonic() - now.monotonic < PERIOD', 'host.clock.monotonic() - now.monotonic < 0'],
    ['others: ps twice at a time', 'if (asks ||', 'if ('],
    ['others: old answers', '> STALE) return null', '> STALE * 100) return null'],
    ['others: another user', 'told.uid === uid >>> 0 &&', ''],
    ['others: one that started later', '&& startTime <= time', ''],
    ['others: no look before', '    before = now;\n', ''],
  ]),
  ...list('process/told.ts', [
    ['others: the time of the pass', 'columns.time[row] = at;', ''],
    ['others: one look has a rate', 'before?.at ?? at', 'before?.at ?? Number.NaN'],
    ['others: user twice', 'Math.max(0, cpu - cpuUser)', 'cpu'],
    ['others: a known state is overwritten', 'if (isUnknown) ', ''],
    ['others: state not told', 'psState(state).charCodeAt(0)', 'columns.state[row]'],
  ]),
  ...list('text/chip-tiers.ts', [
    ['hardware: what notifyutil refuses is no gap', "      gaps.addError('thermal.apple.pressure', pressure.refusal);\n", ''],
    ['hardware: heat without both programs', "if ('refusal' in held) throw pressure.refusal;", ''],
    ['hardware: system_profiler at each read', '(known ??= ', '(known = '],
    ['hardware: a limit of 0 is one', "(gpu.vendor === 'apple' ? { ...gpu, memoryLimit: limit * 2 ** 20 } : gpu)", 'gpu'],
    ['hardware: megabytes are bytes', 'limit * 2 ** 20', 'limit'],
    ['hardware: no GPU where ioreg is refused', 'return explained(gaps, gpusFromProfiler(profile.value));', 'return explained(gaps, []);'],
    ['hardware: both refused are no GPUs', "if ('refusal' in profile) throw accelerators.refusal;", "if ('refusal' in profile) return [];"],
    ['hardware: energy of the time that was refused', '      before = null;\n', ''],
    ['hardware: energy is watts', '(power ?? 0) * elapsed', '(power ?? 0)'],
    ['hardware: energy of the last read only', '(joules.get(zone) ?? 0) + ', ''],
    [
      'hardware: a sample without watts',
      "if (!told) throw new HecateError('FAILED', 'powermetrics told of no power.');",
      'if (!told) return { zones: [] };',
    ],
    ['hardware: Intel by powermetrics', 'const intel = ', 'const intel = null; void '],
    [
      'hardware: every policy is told',
      "        untold(gaps, 'frequency.policies', { current,",
      "        untold(gaps, 'frequency.policy', { current,",
    ],
  ]),
  ...list('text/network-tiers.ts', [
    ['hardware: Wi-Fi every ten seconds', "  lane: 'rare',\n", ''],
    ['hardware: hidden names are unsupported', "'permission', 'macOS hides", "'unsupported', 'macOS hides"],
  ]),
  ...list('text/readings/protocols.ts', [['hardware: counters of TCP begin again', "longCounts(counts, 'tcp', long)", 'counts']]),
  ...list('text/readings/gpu.ts', [
    ['hardware: two GPUs of one id', "idOf(textAt(entry, 'IORegistryEntryName'))", "textAt(entry, 'IORegistryEntryName') ?? 'gpu'"],
    ['hardware: the name of any GPU', 'gpu.name !== null || !one || more.length > 0', 'gpu.name !== null || !one'],
    ["hardware: the machine's memory is that of Intel's GPU", "['apple', 'intel'].includes", "['apple'].includes"],
  ]),
  ...list('text/readings/processor.ts', [
    ['hardware: what did not work had 0 Hz', 'frequency || null', 'frequency'],
    ['hardware: dram is in the package', "kind === 'dram' ? null : parent", 'parent'],
  ]),
  ...list('text/netstat-routes.ts', [
    ['routes: those of one interface', '!/[HI]/.test(flags)', '!/[H]/.test(flags)'],
    ['routes: those to a host', '!/[HI]/.test(flags)', '!/[I]/.test(flags)'],
    ['routes: those that are down', "flags.includes('U') && ", ''],
    ['routes: the zone is in the address', "word.replace(/%.*$/, '')", 'word'],
    ['routes: a line that was cut', '.slice(0, -1)', ''],
    ['routes: columns by their place', "at('Netif')]", 'words[3]]'],
    ['routes: no table is no route', "if (tables === 0) throw notUnderstood('netstat', text);\n", ''],
  ]),
  ...list('text/notifyutil.ts', [['notifyutil: another name', 'said !== name || ', '']]),
  ...list('processor.ts', [
    [
      'processor: sysctl told nothing',
      "if (values.size === 0) throw new HecateError('FAILED', 'sysctl told nothing of the processor.');\n",
      '',
    ],
    ['processor: what sysctl did not tell is null without a reason', 'if (value === null) throw', 'if (value === undefined) throw'],
    [
      'processor: threads without a reason',
      "if (smtActive === null) gaps.add('processor.smtActive'",
      "if (smtActive === true) gaps.add('processor.smtActive'",
    ],
  ]),
];

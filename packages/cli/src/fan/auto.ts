import type { Rollback } from '@hecate/change';
import { HecateError } from '@hecate/host';
import { refuseSurplus } from '../changes/transaction-id.ts';
import { rollbackSentences } from '../terminal/change-panels.ts';
import { print } from '../terminal/print.ts';
import { sentences } from '../terminal/sentences.ts';
import { findNamed } from './named.ts';
import { openFans, readFans } from './open.ts';
import type { FanRequest } from './request.ts';

/** `hecate fan auto [FAN]`: gives a fan back, or all that hecate holds. The command that held it sees that, and ends. */
export async function giveBack(request: FanRequest): Promise<void> {
  const [word, ...surplus] = request.words;
  refuseSurplus(surplus);
  const fans = openFans(request);
  try {
    const reading = await readFans(fans);
    const wanted = word === undefined ? null : findNamed(word, reading.fans, 'fan');
    const held = (await fans.driver.holders()).filter(({ id }) => wanted === null || id === wanted.id).reverse();
    if (wanted && held.length === 0 && wanted.control && wanted.mode !== 'automatic') {
      throw new HecateError(
        'CONFLICT',
        `The fan ${wanted.id} is not held by hecate, and its chip does not decide about it: what it had before is not known.`,
        {
          hint: 'Whoever set it can give it back; so does a restart of the machine.',
        },
      );
    }
    const done: Rollback[] = [];
    for (const { change } of held) done.push(await fans.engine.rollBack(change, 'The fan was given back.'));
    if (done.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
    print(request, done, () =>
      sentences(
        done.length > 0
          ? done.flatMap((one) => rollbackSentences(one, fans.handlers))
          : [wanted ? `Nothing to do: nobody holds the fan ${wanted.id}.` : 'Nothing to do: hecate holds no fan.'],
      ),
    );
  } finally {
    fans.driver.close();
  }
}

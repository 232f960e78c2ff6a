import type { MessageInitShape } from '@bufbuild/protobuf';
import { HecateError } from '@hecate/host';
import { familiesOf } from '../export/families.ts';
import type { Family } from '../export/families.ts';
import { frameOf } from '../serve/route.ts';
import type { FamilySchema, MetricsRequest, MetricsResponseSchema } from './gen/hecate/v1/hecate_pb.ts';
import type { GrpcContext } from './grpc-options.ts';

/** Samples after which a message is sent: more would hold the event loop for too long. */
const PIECE = 200;
/** Names that one request may give. */
const MOST_NAMES = 512;

const familyMessage = ({ name, help, type, samples }: Family): MessageInitShape<typeof FamilySchema> => ({
  ...{ name, help, type },
  samples: samples.map(({ labels, value }) => ({ labels: Object.fromEntries(labels), value })),
});

/** Every metric of the newest sample. Throws INVALID for too many names, UNAVAILABLE before the first sample. */
export async function* answerMetrics(
  { hub, platform }: Pick<GrpcContext, 'hub' | 'platform'>,
  { names }: MetricsRequest,
): AsyncGenerator<MessageInitShape<typeof MetricsResponseSchema>> {
  if (names.length > MOST_NAMES) throw new HecateError('INVALID', `names may name ${MOST_NAMES} families at most.`);
  const wanted = new Set(names);
  const { snapshot } = await frameOf(hub);
  const { time } = snapshot;
  let families: MessageInitShape<typeof FamilySchema>[] = [];
  let samples = 0;
  for (const family of familiesOf(snapshot, platform, (name) => wanted.size === 0 || wanted.has(name))) {
    families.push(familyMessage(family));
    samples += family.samples.length;
    if (samples < PIECE) continue;
    yield { time, families };
    families = [];
    samples = 0;
  }
  if (families.length > 0) yield { time, families };
}

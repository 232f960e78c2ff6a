import { giveBack } from '../fan/auto.ts';
import { followCurve, setFan } from '../fan/hold.ts';
import type { FanCommand, FanRequest } from '../fan/request.ts';
import { showFans } from '../fan/status.ts';

const ACTIONS: Readonly<Record<FanCommand, (request: FanRequest) => Promise<void>>> = {
  status: showFans,
  set: setFan,
  auto: giveBack,
  curve: followCurve,
};

/** `hecate fan`. */
export async function run(request: FanRequest): Promise<void> {
  await ACTIONS[request.action](request);
}

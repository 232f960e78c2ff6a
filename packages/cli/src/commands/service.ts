import { openHost } from '@hecate/host';
import { install, specOf, uninstall } from '../service/install.ts';
import { serviceManagerOf } from '../service/service-plan.ts';
import type { ServiceRequest } from '../service/service-request.ts';
import { showService } from '../service/status.ts';
import { print } from '../terminal/print.ts';

const ACTIONS: Readonly<Record<ServiceRequest['action'], (request: ServiceRequest) => void | Promise<void>>> = {
  status: showService,
  install,
  uninstall,
  print(request) {
    const { path, encode } = serviceManagerOf(openHost().platform);
    const text = encode(specOf(request));
    print(request, { path, text }, () => text);
  },
};

/** `hecate service`. */
export async function run(request: ServiceRequest): Promise<void> {
  await ACTIONS[request.action](request);
}

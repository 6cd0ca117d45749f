/** What `npm run recover` looks at, over the parts of a test's environment. */
import { findLosses, type RecoveryParts } from '../../src/recovery/find-losses.js';
import type { Loss, RecoveryReport } from '../../src/recovery/losses.js';
import { knownOrders } from '../../src/temporal/known-orders.js';
import { eventually } from '../support/eventually.js';
import { MERCHANT_NO } from '../support/order-builder.js';
import type { OrderEnvironment } from '../support/order-environment.js';
import type { ScriptedGateway } from '../support/scripted-gateway.js';

/** Before anything that a test does. */
const SINCE = new Date(Date.now() - 60_000).toISOString();

export async function recover(
  environment: OrderEnvironment,
  gateway: ScriptedGateway,
  options: { readonly repairs: boolean },
): Promise<RecoveryReport> {
  const { stores, messenger, client, taskQueue } = environment;
  const parts: RecoveryParts = {
    ...stores,
    messenger,
    gateway,
    merchantNo: MERCHANT_NO,
    runs: (since) => knownOrders(client, { taskQueue, since }),
    pause: async () => {},
    now: Date.now,
  };
  return await findLosses(parts, { since: SINCE, ...options });
}

/** What was found about one order, by kind. */
export function lossesOf(report: RecoveryReport, merchantOrderNo: string): readonly Loss[] {
  return report.losses.filter(({ subject }) => subject.endsWith(`/${merchantOrderNo}`));
}

/** Closed runs are listed a moment after they have closed. */
export async function runsAreListed(
  environment: OrderEnvironment,
  merchantOrderNos: readonly string[],
): Promise<void> {
  const { client } = environment;
  for (const merchantOrderNo of merchantOrderNos) {
    const query = `MerchantOrderNo = "${merchantOrderNo}" AND ExecutionStatus = "Completed"`;
    await eventually(
      `the run of ${merchantOrderNo} is listed as closed`,
      async () => (await client.workflow.count(query)).count > 0,
    );
  }
}

/** Signed messages about numbers that we never gave: somebody should know, nobody is paid by them. */
import type { AnomalyKind } from '../domain/audit.js';
import { orderId } from '../domain/order.js';
import type { AnomalyStore } from '../store/anomaly-store.js';
import type { InboxEntry } from '../store/callback-store.js';
import type { OrderStore } from '../store/order-store.js';
import type { OrderKey } from '../temporal/order-messenger.js';

interface UnknownNumberPorts {
  readonly orders: Pick<OrderStore, 'find'>;
  readonly anomalies: Pick<AnomalyStore, 'raise'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * A sale that we never started: one anomaly per terminal and day, because a till that sells without us does so all day.
 * What moved no money is no anomaly.
 */
export async function raiseUnknownOrder(
  entry: InboxEntry,
  { merchantNo, merchantOrderNo }: OrderKey,
  ports: UnknownNumberPorts,
): Promise<void> {
  const { facts, terminalSn, receivedAt } = entry;
  if (facts?.state !== 'paid') return;
  if (terminalSn === null) {
    const subject = orderId(merchantNo, merchantOrderNo);
    await raise('unknown_order', subject, 'the gateway says paid for a number that we never gave', {
      entry,
      ports,
    });
    return;
  }
  const day = receivedAt.slice(0, 10);
  const subject = `${merchantNo}/terminal/${terminalSn}/${day}`;
  const detail = `sales on terminal ${terminalSn} that were not started here; the latest is ${merchantOrderNo}`;
  await raise('external_sale', subject, detail, { entry, ports });
}

/** A refund or void that was not made here, or one that the gateway made itself, as a revoke does. */
export async function raiseUnknownRefund(
  entry: InboxEntry,
  { merchantNo, merchantOrderNo }: OrderKey,
  ports: UnknownNumberPorts,
): Promise<void> {
  const id = orderId(merchantNo, merchantOrderNo);
  const isOrder = (await ports.orders.find(id)) !== null;
  const subject = isOrder ? id : `${merchantNo}/refund/${merchantOrderNo}`;
  const detail = isOrder
    ? 'the gateway tells of a refund under the number of the order'
    : `the gateway tells of a refund ${merchantOrderNo} that was not made here`;
  await raise('unknown_refund', subject, detail, { entry, ports });
}

async function raise(
  kind: AnomalyKind,
  subject: string,
  detail: string,
  { entry, ports }: { readonly entry: InboxEntry; readonly ports: UnknownNumberPorts },
): Promise<void> {
  const at = new Date(ports.now()).toISOString();
  await ports.anomalies.raise(subject, entry.callbackId, [{ kind, at, detail }]);
}

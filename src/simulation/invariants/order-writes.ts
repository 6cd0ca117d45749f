/** Checked at every write of an order's record. */
import { isPaid } from '../../domain/order-state.js';
import type { WrittenDocument } from '../database/simulated-database.js';
import { heldPayments } from '../gateway/payment-truth.js';
import type { OrderDocument, Watched } from './watched.js';

export function checkOrderWrite(written: WrittenDocument, watched: Watched): void {
  if (written.collection !== 'orders') return;
  const before = written.before as unknown as OrderDocument | null;
  const after = written.after as unknown as OrderDocument;
  if (before?.status === after.status) return;
  paidStaysPaid(before, after, watched);
  if (after.status === 'canceled') canceledOnlyWithProof(after, watched);
  if (isPaid(after.status)) paidIsNeverInvented(after, watched);
}

function paidStaysPaid(before: OrderDocument | null, after: OrderDocument, w: Watched): void {
  if (before === null) return;
  const wasPaid = isPaid(before.status) || before.status === 'refunded';
  const isStill = isPaid(after.status) || after.status === 'refunded';
  if (wasPaid && !isStill) {
    w.findings.violated('paid_stays_paid', `${after._id}: ${before.status} became ${after.status}`);
  }
}

function canceledOnlyWithProof(
  order: OrderDocument,
  { database, ledger, findings }: Watched,
): void {
  const { decidedBy } = order;
  if (decidedBy?.source === 'operator') return;
  const entry = database
    .collection('audit')
    .byId(`${order._id}/${decidedBy?.auditSequence ?? 0}`) as
    | { readonly data?: { readonly reply?: { readonly evidence?: string } } }
    | undefined;
  const said = ledger.get(entry?.data?.reply?.evidence ?? '');
  const isProof = said?.answer === 'closed' || said?.answer === 'not_found';
  if (said === null || !isProof) {
    const answer = said?.answer ?? 'nothing that was said';
    findings.violated('canceled_only_with_proof', `${order._id} was canceled by ${answer}`);
  } else if (said.wasPaid && !said.isLie) {
    findings.violated('canceled_only_with_proof', `${order._id} was paid when ${said.id} was made`);
  }
}

function paidIsNeverInvented(order: OrderDocument, { world, ledger, findings }: Watched): void {
  const { merchantOrderNo, decidedBy } = order;
  if (decidedBy?.source === 'operator') return;
  const state = world.truth(merchantOrderNo)?.now;
  const hasMoney = state !== undefined && state.payments.length > 0;
  const isLiedAbout = ledger
    .about(merchantOrderNo)
    .some(({ isLie, answer }) => isLie && answer === 'paid');
  if (!hasMoney && !isLiedAbout) {
    const held = state === undefined ? 0 : heldPayments(state).length;
    findings.violated('paid_is_never_invented', `${order._id} with ${held} payments`);
  }
}

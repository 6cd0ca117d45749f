/** Audits of orders as the store writes them, made by the real decider, in memory. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { AuditedOrder, LeafRecord } from '../../src/audit/audited-order.js';
import { type AuditDraft, type AuditEntry, applyDrafts } from '../../src/domain/audit.js';
import { decide } from '../../src/domain/decide.js';
import type { Evidence } from '../../src/domain/evidence.js';
import { createdEntry, newOrder } from '../../src/domain/new-order.js';
import { type Order, orderId } from '../../src/domain/order.js';
import { chainEntries, genesisHash } from '../../src/store/audit-chain.js';
import { CREATED_MS, orderRequest } from './order-builder.js';

/** An order that is written to, transition by transition. */
export class AuditedLife {
  readonly orderId: string;
  order: Order;
  entries: readonly AuditEntry[] = [];

  constructor(request = orderRequest(), createdAtMs = CREATED_MS) {
    this.order = newOrder(request, createdAtMs);
    this.orderId = orderId(request.merchantNo, request.merchantOrderNo);
    this.#append([createdEntry(this.order)]);
  }

  write(...drafts: readonly AuditDraft[]): this {
    this.order = applyDrafts(this.order, drafts);
    this.#append(drafts);
    return this;
  }

  /** Lets the decider decide on evidence. */
  learn(evidence: Evidence, nowMs: number): this {
    const sequence = this.entries.length + 1;
    return this.write(...decide(this.order, evidence, { sequence, nowMs }).drafts);
  }

  /** As a reader of the database finds it. */
  audited(leaves: readonly LeafRecord[] = []): AuditedOrder {
    const { orderId: id, order, entries } = this;
    const version = entries.length;
    const auditHash = entries.at(-1)?.hash ?? '';
    return { orderId: id, record: { orderId: id, version, auditHash, order }, entries, leaves };
  }

  #append(drafts: readonly AuditDraft[]): void {
    const version = this.entries.length;
    const auditHash = this.entries.at(-1)?.hash ?? genesisHash(this.orderId);
    const from = { version, auditHash, transitionId: `transition-${version + 1}` };
    this.entries = [...this.entries, ...chainEntries(this.orderId, drafts, from)];
  }
}

/** The chain as somebody would write it anew who knows how it is made. */
export function rechained(entries: readonly AuditEntry[]): readonly AuditEntry[] {
  const done: AuditEntry[] = [];
  for (const { orderId: id, sequence, transitionId, previousHash, hash, ...draft } of entries) {
    const auditHash = done.at(-1)?.hash ?? genesisHash(id);
    done.push(...chainEntries(id, [draft], { version: sequence - 1, auditHash, transitionId }));
  }
  return done;
}

export function signingKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

import type { AuditDraft, AuditEntry } from '../domain/audit.js';
import { canonicalHash } from './canonical-hash.js';

/** What the first entry of an order's chain follows. */
export function genesisHash(orderId: string): string {
  return canonicalHash({ genesis: orderId });
}

/** Drafts with their places in the chain: each hash covers the entry's content and the hash before it. */
export function chainEntries(
  orderId: string,
  drafts: readonly AuditDraft[],
  from: { readonly version: number; readonly auditHash: string; readonly transitionId: string },
): readonly AuditEntry[] {
  let previousHash = from.auditHash;
  return drafts.map((draft, index) => {
    const content = {
      orderId,
      sequence: from.version + index + 1,
      transitionId: from.transitionId,
      ...draft,
      previousHash,
    };
    const entry: AuditEntry = { ...content, hash: canonicalHash(content) };
    previousHash = entry.hash;
    return entry;
  });
}

export interface ChainFault {
  readonly sequence: number;
  readonly problem: 'missing' | 'content_changed' | 'chain_broken';
}

/** @returns the first entry that is missing, altered or out of the chain; `null` when the chain is whole */
export function findChainFault(orderId: string, entries: readonly AuditEntry[]): ChainFault | null {
  let previousHash = genesisHash(orderId);
  for (const [index, entry] of entries.entries()) {
    if (entry.sequence !== index + 1) return { sequence: index + 1, problem: 'missing' };
    if (entry.previousHash !== previousHash) {
      return { sequence: entry.sequence, problem: 'chain_broken' };
    }
    const { hash, ...content } = entry;
    if (canonicalHash(content) !== hash) {
      return { sequence: entry.sequence, problem: 'content_changed' };
    }
    previousHash = hash;
  }
  return null;
}

/** What the simulated gateway said, when it was so, and whether it was true: what no service can know. */

export interface SaidEvidence {
  /** Of a query: in the reply that the audit keeps. Of a callback: the hash of its bytes. */
  readonly id: string;
  readonly merchantOrderNo: string;
  readonly source: 'query' | 'callback' | 'refund_query';
  /** `paid`, `open` and so on, or `unknown`. */
  readonly answer: string;
  /** The instant that it speaks of (epoch ms); it may arrive much later. */
  readonly madeAtMs: number;
  /** At that instant the payer's money was there and had not been given back. */
  readonly wasPaid: boolean;
  /** The gateway said what was not so. */
  readonly isLie: boolean;
}

export class EvidenceLedger {
  readonly #said = new Map<string, SaidEvidence>();
  /** Which reply was the answer to which question. */
  readonly #ofQuestions = new Map<string, string>();
  #count = 0;

  nextId(): string {
    this.#count += 1;
    return `e${this.#count}`;
  }

  add(said: SaidEvidence): void {
    this.#said.set(said.id, said);
  }

  get(id: string): SaidEvidence | null {
    return this.#said.get(id) ?? null;
  }

  answered(queryId: string, evidenceId: string): void {
    this.#ofQuestions.set(queryId, evidenceId);
  }

  ofQuestion(queryId: string): SaidEvidence | null {
    return this.get(this.#ofQuestions.get(queryId) ?? '');
  }

  about(merchantOrderNo: string): readonly SaidEvidence[] {
    return [...this.#said.values()].filter((said) => said.merchantOrderNo === merchantOrderNo);
  }
}

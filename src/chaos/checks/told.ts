/** No answer was ever taken back. */
import type { StatusTold } from '../journal.js';
import { type Evidence, toldOf } from './evidence.js';

const PAID_WORDS: ReadonlySet<string> = new Set(['paid', 'partially_refunded', 'refunded']);

export function checkTold({ journal, gateway, findings }: Evidence): void {
  for (const [number, answers] of byNumber(toldOf(journal, 'status_told'))) {
    const paid = answers.filter(({ status }) => PAID_WORDS.has(status));
    const paidToldAtMs = Math.min(...paid.map(({ answeredAtMs }) => answeredAtMs));
    const paidAtMs = gateway.orders.get(number)?.paidAtMs ?? null;
    for (const { by, status, nextAction, sentAtMs } of answers) {
      // Asked after somebody had been told: the answers of two questions under way may cross.
      if (sentAtMs > paidToldAtMs && !PAID_WORDS.has(status)) {
        const detail = `${by} said ${status} ${sentAtMs - paidToldAtMs} ms after it was told paid`;
        findings.add('paid_stays_paid', number, detail);
      }
      if (nextAction === 'pay_again' && paidAtMs !== null && paidAtMs <= sentAtMs) {
        const detail = `${by} said pay again ${sentAtMs - paidAtMs} ms after it was paid`;
        findings.add('never_invites_a_second_payment', number, detail);
      }
    }
  }
  for (const { number, call, status, code } of toldOf(journal, 'answer_refused')) {
    findings.add('no_answer_is_a_mistake', number, `${call}: ${status} ${code}`);
  }
}

function byNumber(answers: readonly StatusTold[]): ReadonlyMap<string, readonly StatusTold[]> {
  const groups = new Map<string, StatusTold[]>();
  for (const answer of answers) {
    const group = groups.get(answer.number);
    if (group === undefined) groups.set(answer.number, [answer]);
    else group.push(answer);
  }
  return groups;
}

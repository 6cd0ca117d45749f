/** What the API says now is what the record says. */
import { isAccepted, type ServiceClient } from '../service-client.js';
import { type Evidence, toldOf } from './evidence.js';

const AT_ONCE_MAX = 8;

/** Reads every order that was ever accepted once more; the answers are journaled as all others are. */
export async function readAgain(
  journal: Evidence['journal'],
  service: ServiceClient,
): Promise<ReadonlyMap<string, string>> {
  const numbers = [...new Set(toldOf(journal, 'order_accepted').map(({ number }) => number))];
  const statuses = new Map<string, string>();
  const work = async () => {
    for (let number = numbers.pop(); number !== undefined; number = numbers.pop()) {
      const answer = await service.readOrder(number);
      const { status, body } = answer;
      statuses.set(number, isAccepted(answer) ? String(body.status) : `answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE_MAX }, work));
  return statuses;
}

export function checkReaders(
  statuses: ReadonlyMap<string, string>,
  { orders, findings }: Evidence,
): void {
  for (const [number, status] of statuses) {
    const recorded = orders.get(number)?.status;
    if (recorded === undefined || recorded === status) continue;
    findings.add('readers_agree', number, `read as ${status}, the record says ${recorded}`);
  }
}

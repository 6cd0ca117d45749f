/** The simulator that forgets nothing, whatever ends it. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  journaledRecords,
  SimulatorJournal,
} from '../../src/gateway/simulator/simulator-journal.js';
import { type Simulator, startSimulator } from '../../src/gateway/simulator/start-simulator.js';
import { eventually } from '../support/eventually.js';

let folder: string;
let file: string;
const running: Simulator[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulator-journal-'));
  file = join(folder, 'journal.jsonl');
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(async (simulator) => await simulator.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<Simulator> {
  const simulator = await startSimulator({ journalFile: file });
  running.push(simulator);
  return simulator;
}

const SALE = { amountMinor: 1_050, currency: 'USD', terminalSn: 'TERMINAL-1' };
const NOBODY = 'http://127.0.0.1:9/callback';

describe('a simulator with a journal', () => {
  it('when a payment was made a moment ago, then it is in the file already', async () => {
    const { control } = await start();
    control.startPosSale({ ...SALE, merchantOrderNo: 'J-1' });
    control.pay('J-1');
    // A second reader of the file sees what a restart after a kill would see.
    const [order] = new SimulatorJournal(file).read()?.orders ?? [];
    expect(order?.payment?.paidAmountMinor).toBe(1_050);
  });

  it('when another one starts from the file, then it has orders, chosen scenarios and callbacks to send', async () => {
    const first = await start();
    first.control.setScenario('J-2', 'paid_after', { payAfterMs: 100_000 });
    first.control.startPosSale({ ...SALE, merchantOrderNo: 'J-2', notifyUrl: NOBODY });
    first.control.startPosSale({ ...SALE, merchantOrderNo: 'J-3', amountMinor: 9_004 });
    first.control.pay('J-2');
    await eventually('the callback was tried', () => {
      return first.control.order('J-2').callbacks.some(({ attempts }) => attempts.length > 0);
    });
    const second = await start();
    expect(second.control.order('J-2')).toMatchObject({ state: 'paid', scenario: 'paid_after' });
    expect(second.control.order('J-2').callbacks[0]?.nextAtMs).not.toBeNull();
    expect(second.control.order('J-3').scenario).toBe('callback_lost');
  });

  it('when a kill has cut off the last line, then the others are read, and new ones are whole', async () => {
    const journal = new SimulatorJournal(file);
    const choice = { scenario: 'paid_after', parameters: {}, timesLeft: null } as const;
    journal.append({ choice: ['J-4', choice] });
    journal.close();
    appendFileSync(file, '{"order":{"merchantOrd');
    const next = new SimulatorJournal(file);
    next.append({ choice: ['J-5', choice] });
    next.close();
    expect(next.read()?.choices.map(([number]) => number)).toEqual(['J-4', 'J-5']);
    expect(journaledRecords(readFileSync(file, 'utf8'))).toHaveLength(2);
  });
});

import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isTreeAlive, signalTree } from '../../src/trial/process-tree.js';
import { SupervisedPart } from '../../src/trial/supervised-part.js';
import { testComponentSetup } from '../support/components.js';
import { eventually } from '../support/eventually.js';

const READY_DEADLINE_MS = 10_000;

let part: SupervisedPart | null = null;
let notes: string[];
let pids: number[];
let abort: AbortController;

beforeEach(() => {
  notes = [];
  pids = [];
  abort = new AbortController();
});

afterEach(() => part?.kill());

const IDLE = 'setInterval(() => {}, 1000)';

/** A process that prints its id and, unless told otherwise, is ready as long as it runs. */
function newPart(script = IDLE, isReady = () => pids.some(isTreeAlive)): SupervisedPart {
  part = new SupervisedPart(
    {
      name: 'clerk',
      program: process.execPath,
      args: ['-e', `console.log(process.pid); ${script}`],
      env: process.env,
      probe: async () => isReady(),
      readyDeadlineMs: READY_DEADLINE_MS,
      stopGraceMs: 2_000,
    },
    {
      guard: testComponentSetup().guard,
      log: new Writable({ write: (_chunk, _encoding, done) => done() }),
      onLine: (line) => {
        if (/^\d+$/.test(line)) pids.push(Number(line));
      },
      note: (text) => notes.push(text),
      signal: abort.signal,
    },
  );
  return part;
}

it('when the process is killed, then it is started again and both are said', async () => {
  await newPart().start();
  for (const pid of pids) signalTree(pid, 'SIGKILL');
  await eventually('another one runs', () => pids.length === 2 && pids.slice(1).every(isTreeAlive));
  await eventually('it is said to be back', () => notes.includes('clerk is back'));
  expect(notes[0]).toBe('clerk was ended by SIGKILL; starting it again in 0.5 s');
});

it('when it is killed again and again, then the pauses grow', async () => {
  await newPart().start();
  for (const round of [1, 2]) {
    await eventually('it runs', () => pids.length === round);
    for (const pid of pids) signalTree(pid, 'SIGKILL');
  }
  await eventually('a third one runs', () => pids.length === 3);
  expect(notes.flatMap((note) => /again in (.*) s$/.exec(note)?.[1] ?? [])).toEqual(['0.5', '1']);
});

it('when it ends before it is ready, then the start fails with its last words and it is not started again', async () => {
  const failing = newPart('console.error("PORT is missing"); process.exit(1)', () => false);
  await expect(failing.start()).rejects.toMatchObject({
    code: 'not_ready',
    message: expect.stringMatching(
      /^clerk ended with code 1 before it was ready\.\n.*PORT is missing/s,
    ),
  });
  expect(notes).toEqual([]);
});

it('when all is given up before it is ready, then the start ends at once and so does the process', async () => {
  const outcome = expect(newPart(IDLE, () => false).start()).rejects.toMatchObject({
    code: 'interrupted',
  });
  await eventually('it runs', () => pids.length === 1);
  abort.abort();
  await outcome;
  await eventually('it is gone', () => !pids.some(isTreeAlive));
});

it('when it is stopped but ignores that, then it is ended all the same', async () => {
  const stubborn = newPart(`process.on("SIGTERM", () => {}); ${IDLE}`);
  await stubborn.start();
  await stubborn.stop();
  expect(pids.some(isTreeAlive)).toBe(false);
  expect(notes).toEqual([]);
});

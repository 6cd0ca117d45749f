import { expect, it } from 'vitest';
import { climb, PassedOver, type Rung } from '../../src/trial/ladder.js';

function rung(name: string, tried: string[], outcome: string | Error): Rung<string> {
  return {
    name,
    attempt: async () => {
      tried.push(name);
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  };
}

it('when several ways are open, then the first is taken and the others are not tried', async () => {
  const tried: string[] = [];
  const rungs = [
    rung('on this machine', tried, new PassedOver('not on PATH')),
    rung('download', tried, 'downloaded'),
    rung('built', tried, 'built'),
  ];
  const notes: string[] = [];
  const ladder = { component: 'Tool', advice: 'install it', rungs };
  expect(await climb(ladder, (line) => notes.push(line))).toBe('downloaded');
  expect(tried).toEqual(['on this machine', 'download']);
  expect(notes).toEqual(['Tool, on this machine: not on PATH']);
});

it('when no way is open, then one line says why for each and what to do', async () => {
  const rungs = [
    rung('on this machine', [], new PassedOver('not on PATH')),
    rung('download', [], new PassedOver('site cannot be reached')),
  ];
  const ladder = { component: 'Tool', advice: 'install it or set TOOL_ADDRESS', rungs };
  await expect(climb(ladder, () => {})).rejects.toMatchObject({
    code: 'component_unavailable',
    message:
      'Tool cannot be had here (not on PATH; site cannot be reached): install it or set TOOL_ADDRESS',
  });
});

it('when a way breaks in a way it does not know, then that is not passed over', async () => {
  const tried: string[] = [];
  const rungs = [rung('first', tried, new TypeError('a mistake')), rung('second', tried, 'had')];
  await expect(climb({ component: 'Tool', advice: '', rungs }, () => {})).rejects.toThrow(
    'a mistake',
  );
  expect(tried).toEqual(['first']);
});

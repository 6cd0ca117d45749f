/** What a till may hand over of its terminal's result. */
import { isRecord } from './service-answer.js';
import type { TerminalReport } from './service-calls.js';

/** Limits of the service for what it takes. Source: docs/api.md, `pos-result`. */
const CODE_LENGTH_MAX = 64;
const MESSAGE_LENGTH_MAX = 1_000;

/**
 * Code and message; the rest of a terminal's result holds the payer's data, and the service believes none of it.
 * @returns `null` for what is no result: then the terminal gave no answer
 */
export function terminalReport(result: unknown): TerminalReport | null {
  if (!isRecord(result)) return null;
  const { responseCode, responseMsg } = result;
  if (typeof responseCode !== 'string' && typeof responseCode !== 'number') return null;
  return {
    responseCode: String(responseCode).slice(0, CODE_LENGTH_MAX),
    ...(typeof responseMsg === 'string'
      ? { responseMsg: responseMsg.slice(0, MESSAGE_LENGTH_MAX) }
      : {}),
  };
}

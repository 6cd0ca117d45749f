/** What a problem answer tells of one field. */
export interface FieldProblem {
  readonly pointer: string;
  readonly detail: string;
}

/**
 * A call that did not do what was asked, in words that a person may read. Codes of the service are those of the API;
 * `unreachable` means that no answer came, so nobody knows whether the call took effect.
 */
export class ConsoleProblem extends Error {
  readonly code: string;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** To be found in the log; `null` without an answer. */
  readonly requestId: string | null;
  readonly fields: readonly FieldProblem[];

  constructor(told: {
    readonly detail: string;
    readonly code: string;
    readonly status: number;
    readonly requestId: string | null;
    readonly fields?: readonly FieldProblem[];
  }) {
    super(told.detail);
    this.name = 'ConsoleProblem';
    this.code = told.code;
    this.status = told.status;
    this.requestId = told.requestId;
    this.fields = told.fields ?? [];
  }

  /** The service may have done it, or may still do it. */
  get isOutcomeUnknown(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

/** Whatever was thrown, as a problem that can be shown. */
export function asConsoleProblem(error: unknown): ConsoleProblem {
  if (error instanceof ConsoleProblem) return error;
  return new ConsoleProblem({
    detail: 'The service cannot be reached.',
    code: 'unreachable',
    status: 0,
    requestId: null,
  });
}

/** @param body the parsed answer; anything but problem+json leaves the status to speak */
export function problemOf(status: number, body: unknown, requestId: string | null): ConsoleProblem {
  const told = isRecord(body) ? body : {};
  return new ConsoleProblem({
    detail: textOf(told.detail) ?? `The service answered with status ${status}.`,
    code: textOf(told.code) ?? `http_${status}`,
    status,
    requestId: textOf(told.requestId) ?? requestId,
    fields: Array.isArray(told.errors) ? told.errors.flatMap(fieldOf) : [],
  });
}

function fieldOf(error: unknown): readonly FieldProblem[] {
  if (!isRecord(error)) return [];
  const { pointer, detail } = error;
  return typeof pointer === 'string' && typeof detail === 'string' ? [{ pointer, detail }] : [];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

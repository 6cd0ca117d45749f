/** What the simulated Temporal keeps of a run: enough to build its workflow again. Everything in it is plain data. */

/** Something that is told to a workflow. */
export type Job =
  | { readonly kind: 'signal'; readonly name: string; readonly args: readonly unknown[] }
  | {
      readonly kind: 'update';
      readonly updateId: string;
      readonly name: string;
      readonly args: readonly unknown[];
    }
  | { readonly kind: 'activity'; readonly sequence: number; readonly outcome: ActivityOutcome }
  | { readonly kind: 'timer'; readonly sequence: number };

export type ActivityOutcome =
  | { readonly is: 'completed'; readonly result: unknown }
  | {
      readonly is: 'failed';
      readonly message: string;
      /** Trying again is of no use. */
      readonly isNonRetryable: boolean;
    }
  | { readonly is: 'timed_out'; readonly timeout: TimeoutWord };

export type TimeoutWord = 'START_TO_CLOSE' | 'SCHEDULE_TO_START' | 'SCHEDULE_TO_CLOSE';

/** What a workflow asks for. */
export type Command =
  | {
      readonly kind: 'activity';
      readonly sequence: number;
      readonly type: string;
      readonly args: readonly unknown[];
      readonly options: ActivityOptions;
    }
  | {
      readonly kind: 'local_activity';
      readonly sequence: number;
      readonly type: string;
      readonly args: readonly unknown[];
      readonly options: ActivityOptions;
    }
  | { readonly kind: 'timer'; readonly sequence: number; readonly delayMs: number }
  | { readonly kind: 'cancel_timer'; readonly sequence: number }
  | { readonly kind: 'attributes'; readonly text: string }
  | { readonly kind: 'patch'; readonly id: string }
  | {
      readonly kind: 'update_completed';
      readonly updateId: string;
      readonly outcome: UpdateOutcome;
    }
  | { readonly kind: 'complete'; readonly result: unknown }
  | { readonly kind: 'continue_as_new'; readonly args: readonly unknown[] }
  | { readonly kind: 'fail'; readonly message: string };

export type UpdateOutcome =
  | { readonly is: 'completed'; readonly result: unknown }
  | { readonly is: 'failed'; readonly message: string; readonly type: string };

/** Durations in milliseconds. */
export interface ActivityOptions {
  readonly taskQueue: string | null;
  readonly startToCloseMs: number;
  readonly scheduleToStartMs: number | null;
  readonly scheduleToCloseMs: number | null;
  readonly retry: {
    readonly initialMs: number;
    readonly coefficient: number;
    readonly maximumMs: number;
    /** `null` for without limit. */
    readonly attemptsMax: number | null;
  };
}

/** The result of a local activity, which only the completion of its task makes durable. */
export interface LocalResult {
  readonly sequence: number;
  readonly outcome: ActivityOutcome;
  /** The workflow's time after it (epoch ms). */
  readonly atMs: number;
}

/** One workflow task that was completed. */
export interface CompletedTask {
  readonly startedAtMs: number;
  readonly jobs: readonly Job[];
  readonly localResults: readonly LocalResult[];
  readonly commands: readonly Command[];
}

/** As between a workflow and everything else: nothing but JSON. */
export function transported<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}

/** Two runs of one history must ask for the same, in the same order. */
export function commandLine(command: Command): string {
  switch (command.kind) {
    case 'activity':
      return `activity ${command.sequence} ${command.type} ${JSON.stringify(command.args)}`;
    case 'local_activity':
      return `local activity ${command.sequence} ${command.type}`;
    default:
      return JSON.stringify(command);
  }
}

/** What a person sees while something takes its time. */
export interface Progress {
  /** Runs slow work and shows what it is and for how long it has been running. */
  step<T>(label: string, work: () => Promise<T>): Promise<T>;
  /** One line, said once. */
  note(text: string): void;
}

/** Notes only: for runs whose output belongs to somebody else, such as the test runner. */
export function plainProgress(write: (line: string) => void): Progress {
  return {
    step: async (label, work) => {
      write(label);
      return await work();
    },
    note: write,
  };
}

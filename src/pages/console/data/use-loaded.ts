import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { asConsoleProblem, type ConsoleProblem } from './console-problem.js';

export interface Loaded<T> {
  /** The last that came, also while it is asked for again and when that fails; `null` before the first. */
  readonly value: T | null;
  /** Why the last try gave nothing; `null` when it did. */
  readonly problem: ConsoleProblem | null;
  /** @returns whether there was an answer: that there is no such thing is one too */
  readonly reload: () => Promise<boolean>;
}

/**
 * Loads now, whenever the key changes, and when told to. An answer that was overtaken by a later one is dropped.
 * @param key what is loaded: with another one the old value is not shown
 */
export function useLoaded<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{
    key: string;
    value: T | null;
    problem: ConsoleProblem | null;
  }>({ key, value: null, problem: null });
  const loading = useRef({ key, load, asked: 0, answered: 0 });
  loading.current.key = key;
  loading.current.load = load;

  const reload = useCallback(async () => {
    const { current } = loading;
    const asked = ++current.asked;
    const askedKey = current.key;
    const isOvertaken = () => asked < current.answered || askedKey !== current.key;
    try {
      const value = await current.load();
      if (isOvertaken()) return true;
      current.answered = asked;
      setState({ key: askedKey, value, problem: null });
      return true;
    } catch (error) {
      if (isOvertaken()) return false;
      current.answered = asked;
      const problem = asConsoleProblem(error);
      setState((before) => ({
        key: askedKey,
        value: before.key === askedKey ? before.value : null,
        problem,
      }));
      return problem.status === 404;
    }
  }, []);

  useEffect(() => {
    void reload();
  }, [key, reload]);

  return state.key === key
    ? { value: state.value, problem: state.problem, reload }
    : { value: null, problem: null, reload };
}

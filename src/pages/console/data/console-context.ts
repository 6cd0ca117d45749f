import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ConsoleSession } from '../../../api/console/console-contract.js';
import type { ConsoleApi } from './console-api.js';

export interface ConsoleAccess {
  readonly session: ConsoleSession;
  readonly api: ConsoleApi;
  /** Without it every action would be refused, so none is offered. The service decides again when it is asked. */
  readonly mayOperate: boolean;
}

/** Who works here, and the calls that may be made. There is one below the login. */
export const ConsoleContext = createContext<ConsoleAccess | null>(null);

/** @throws {Error} outside a session: a programmer's error */
export function useConsole(): ConsoleAccess {
  const access = useContext(ConsoleContext);
  if (access === null) throw new Error('no session above this component');
  return access;
}

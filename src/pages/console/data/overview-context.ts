import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Overview } from '../../../api/console/console-contract.js';
import type { LiveStatus } from './live-stream.js';

export interface LiveOverview {
  /** The last that was told; `null` before the first. */
  readonly overview: Overview | null;
  /** How the page in front is kept up to date; `null` while that is not known. */
  readonly status: LiveStatus | null;
  readonly reload: () => Promise<void>;
  /** A page that follows a view of its own says how that goes; `undefined` gives the word back to the overview. */
  readonly reportStatus: (status: LiveStatus | null | undefined) => void;
}

export const OverviewContext = createContext<LiveOverview>({
  overview: null,
  status: null,
  reload: async () => {},
  reportStatus: () => {},
});

export function useOverview(): LiveOverview {
  return useContext(OverviewContext);
}

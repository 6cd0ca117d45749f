import type { OrderAnswer } from '../../../api/answer-schemas.js';
import type { ConsoleApi } from '../data/console-api.js';

/** What every action on an order is given. */
export interface ActionDialogProps {
  readonly order: OrderAnswer;
  readonly api: ConsoleApi;
  /** Told once the service has taken it. @param said one sentence for a person */
  readonly onDone: (said: string) => void;
  readonly onClose: () => void;
}

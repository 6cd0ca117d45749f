import { useEffect, useMemo, useState } from 'preact/hooks';
import {
  createPaymentClient,
  type PaymentClient,
  type PaymentState,
} from '../../client/payment-client.js';
import { useAnnounce } from './announcer.js';

export interface Payment {
  readonly client: PaymentClient;
  readonly state: PaymentState;
}

/** The browser client of one order, for as long as the component is there. Each change of state is announced once. */
export function usePayment(merchantOrderNo: string, verifyToken: string): Payment {
  const client = useMemo(
    () => createPaymentClient({ merchantOrderNo, verifyToken }),
    [merchantOrderNo, verifyToken],
  );
  const [state, setState] = useState<PaymentState>(client.state);
  const announce = useAnnounce();
  useEffect(() => {
    const unsubscribe = client.subscribe(setState);
    return () => {
      unsubscribe();
      client.stop();
    };
  }, [client]);
  const { kind, message } = state;
  useEffect(() => {
    if (kind !== 'idle') announce(message);
  }, [announce, kind, message]);
  return { client, state };
}

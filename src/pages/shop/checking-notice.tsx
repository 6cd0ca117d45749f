import type { PaymentState } from '../../client/payment-client.js';

/** What the page is doing now. It moves, and is not a live region: the announcer says it once. */
export function CheckingNotice({ state }: { readonly state: PaymentState }) {
  if (state.kind !== 'checking' && state.kind !== 'paying_again') return null;
  const isOffline = state.kind === 'checking' && state.isOffline;
  return (
    <p class={isOffline ? 'checking checking-offline' : 'checking'}>
      <span class="checking-mark" aria-hidden="true" />
      {state.message}
    </p>
  );
}

import type { NewOrder } from '../../src/domain/new-order.js';
import { aCallback, answerOf, factsOf, orderRequest } from './order-builder.js';
import type { OrderEnvironment } from './order-environment.js';
import { ACCEPTED, created, NO_ANSWER, type ScriptedGateway } from './scripted-gateway.js';

const DEADLINE_MS = 10_000;

/** Short enough to be lived through in a test; every step of the real one is there. */
const quick: Partial<NewOrder> = {
  checks: { strategy: 'progressive', scheduleMs: [1_000, 1_000], intervalMs: 1_000, limit: 2 },
  policy: { closeGiveUpMs: 60_000, latePaymentWatchMs: 2_000, latePaymentPolicy: 'review' },
};

interface Stage {
  readonly environment: OrderEnvironment;
  readonly gateway: ScriptedGateway;
}

/** One life of an order, to its end. @returns the order that lived it */
export type OrderStory = (stage: Stage) => Promise<NewOrder>;

async function create({ environment }: Stage, request: NewOrder): Promise<NewOrder> {
  await environment.messenger.createOrder(request, DEADLINE_MS);
  return request;
}

/** Whole lives of orders, by name. Each leaves a history that later versions of the workflow must be able to replay. */
export const ORDER_STORIES: Readonly<Record<string, OrderStory>> = {
  'paid-by-callback': async (stage) => {
    const request = await create(stage, orderRequest());
    const evidence = aCallback(factsOf(request));
    await stage.environment.messenger.callbackReceived(request, evidence, DEADLINE_MS);
    return request;
  },

  'paid-by-check': async (stage) => {
    const request = orderRequest({ ...quick, channel: 'cloud', terminalSn: 'TERMINAL-1' });
    stage.gateway.script(request.merchantOrderNo, {
      query: (call) => answerOf(request, call === 1 ? 'paying' : 'paid'),
    });
    return await create(stage, request);
  },

  'exhausted-and-canceled': async (stage) => {
    const request = orderRequest({ ...quick, channel: 'pos' });
    let isRevoked = false;
    stage.gateway.script(request.merchantOrderNo, {
      query: () => answerOf(request, isRevoked ? 'closed' : 'open'),
      cancel: () => {
        isRevoked = true;
        return ACCEPTED;
      },
    });
    return await create(stage, request);
  },

  'late-money': async (stage) => {
    const request = orderRequest(quick);
    stage.gateway.script(request.merchantOrderNo, {
      query: (call) => answerOf(request, call <= 3 ? 'open' : call <= 5 ? 'closed' : 'paid'),
    });
    return await create(stage, request);
  },

  'creation-unknown-then-verified': async (stage) => {
    const request = orderRequest();
    stage.gateway.script(request.merchantOrderNo, {
      create: () => created(NO_ANSWER),
      query: (call) => answerOf(request, call === 1 ? 'unknown' : 'paid'),
    });
    await create(stage, request);
    await stage.environment.messenger.verifyNow(request, 1, DEADLINE_MS);
    return request;
  },

  'wrong-amount': async (stage) => {
    const request = await create(stage, orderRequest());
    const evidence = aCallback(factsOf(request, { amount: 1 }));
    await stage.environment.messenger.callbackReceived(request, evidence, DEADLINE_MS);
    return request;
  },

  'paid-again-and-canceled-by-merchant': async (stage) => {
    const request = orderRequest(quick);
    stage.gateway.script(request.merchantOrderNo, {
      query: () => answerOf(request, 'closed', { failureCode: 'E51' }),
    });
    await create(stage, request);
    const { messenger } = stage.environment;
    await messenger.payAgain(request, { actor: 'payer' }, DEADLINE_MS);
    await messenger.cancel(request, { requestedBy: 'merchant', actor: 'shop' }, DEADLINE_MS);
    return request;
  },
};

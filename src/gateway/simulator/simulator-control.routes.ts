/** The control API: for tests, demos and curious people; never part of the gateway that is simulated. */
import { BlockList, isIP, isIPv4 } from 'node:net';
import { json, type Request, type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { AMOUNT_MINOR_MAX } from '../../domain/money.js';
import { MERCHANT_ORDER_NO_PATTERN } from '../../domain/order.js';
import type { SimulatorControl } from './simulator-control.js';
import { SCENARIO_NAMES } from './simulator-scenarios.js';

const BODY_BYTES_MAX = 64 * 1024;

/** Beyond these limits times are no dates any more, and an order that holds one can never be shown again. */
const EXPIRES_SECONDS_MAX = 999_999_999;
const AGE_MS_MAX = 10 * 365 * 86_400_000;

const durationMs = z.number().int().min(0).max(86_400_000);

const scenarioSchema = z.strictObject({
  scenario: z.enum(SCENARIO_NAMES as [(typeof SCENARIO_NAMES)[number]]),
  payAfterMs: durationMs.optional(),
  payingMs: durationMs.optional(),
  callbackDelayMs: durationMs.optional(),
  refundAfterMs: durationMs.optional(),
  holdMs: durationMs.optional(),
  times: z.number().int().min(0).nullable().optional(),
});

const merchantOrderNoSchema = z.string().regex(MERCHANT_ORDER_NO_PATTERN);

const posSaleSchema = z.strictObject({
  merchantOrderNo: merchantOrderNoSchema,
  /** Minor units. */
  amount: z.number().int().positive().max(AMOUNT_MINOR_MAX),
  currency: z.string().regex(/^[A-Z]{3}$/),
  terminalSn: z.string().min(1).max(64),
  notifyUrl: z.url().optional(),
  expiresInSeconds: z.number().int().positive().max(EXPIRES_SECONDS_MAX).optional(),
});

const callbackSchema = z.strictObject({
  merchantOrderNo: z.string().max(64).optional(),
  fields: z.record(z.string(), z.string()).optional(),
  url: z.url().optional(),
  signing: z.enum(['signed', 'wrong_signature', 'unsigned']).optional(),
  ageMs: z.number().int().min(-AGE_MS_MAX).max(AGE_MS_MAX).optional(),
  delayMs: durationMs.optional(),
  isRepeated: z.boolean().optional(),
});

const faultsSchema = z.strictObject({
  latencyMs: durationMs.optional(),
  errorRate: z.number().min(0).max(1).optional(),
  isDown: z.boolean().optional(),
});

const reuse = z.enum(['same', 'error']).optional();
const policiesSchema = z.strictObject({
  reusedNumber: z
    .strictObject({ open: reuse, paying: reuse, closed: reuse, paid: reuse, canceled: reuse })
    .optional(),
  reusedRefundNumber: reuse,
  replyData: z.enum(['text', 'object']).optional(),
  callbackFormat: z.enum(['json', 'form']).optional(),
});

/** @param isOpen whether others than this machine may use it */
export function createControlRouter(control: SimulatorControl, isOpen: boolean): Router {
  const router = Router();
  if (!isOpen) router.use('/control', onlyLoopback);
  router.use('/control', json({ limit: BODY_BYTES_MAX }));
  router.get('/control/orders', (_, response) => {
    response.json({ data: control.orders() });
  });
  router.get('/control/orders/:merchantOrderNo', (request, response) => {
    response.json(control.order(request.params.merchantOrderNo));
  });
  router.post('/control/orders/:merchantOrderNo/scenario', (request, response) => {
    const merchantOrderNo = merchantOrderNoSchema.parse(request.params.merchantOrderNo);
    const { scenario, ...parameters } = scenarioSchema.parse(request.body);
    control.setScenario(merchantOrderNo, scenario, withoutUndefined(parameters));
    response.json({ merchantOrderNo, scenario });
  });
  router.post('/control/orders/:merchantOrderNo/pay', (request, response) => {
    const { isLate } = z
      .strictObject({ isLate: z.boolean().default(false) })
      .parse(bodyOf(request));
    response.json(control.pay(request.params.merchantOrderNo, { isLate }));
  });
  router.post('/control/orders/:merchantOrderNo/decline', (request, response) => {
    const schema = z.strictObject({ by: z.enum(['issuer', 'user']).default('issuer') });
    response.json(
      control.decline(request.params.merchantOrderNo, schema.parse(bodyOf(request)).by),
    );
  });
  router.post('/control/orders/:merchantOrderNo/expire', (request, response) => {
    response.json(control.expire(request.params.merchantOrderNo));
  });
  addRefundRoutes(router, control);
  addGeneralRoutes(router, control);
  return router;
}

function addRefundRoutes(router: Router, control: SimulatorControl): void {
  router.get('/control/refunds', (_, response) => {
    response.json({ data: control.refunds() });
  });
  router.get('/control/refunds/:refundNo', (request, response) => {
    response.json(control.refund(request.params.refundNo));
  });
  router.post('/control/refunds/:refundNo/scenario', (request, response) => {
    const refundNo = merchantOrderNoSchema.parse(request.params.refundNo);
    const { scenario, ...parameters } = scenarioSchema.parse(request.body);
    control.setScenario(refundNo, scenario, withoutUndefined(parameters));
    response.json({ refundNo, scenario });
  });
  router.post('/control/refunds/:refundNo/settle', (request, response) => {
    const schema = z.strictObject({
      outcome: z.enum(['succeeded', 'failed']).default('succeeded'),
    });
    const { outcome } = schema.parse(bodyOf(request));
    response.json(control.settleRefund(request.params.refundNo, outcome));
  });
}

function addGeneralRoutes(router: Router, control: SimulatorControl): void {
  router.post('/control/pos-sales', (request, response) => {
    const { amount, ...sale } = posSaleSchema.parse(request.body);
    response.status(201).json(control.startPosSale({ ...sale, amountMinor: amount }));
  });
  router.get('/control/callbacks', (_, response) => {
    response.json({ data: control.callbacks() });
  });
  router.post('/control/callbacks', (request, response) => {
    const sent = control.sendCallback(callbackSchema.parse(bodyOf(request)));
    response.status(202).json({ data: sent });
  });
  router.post('/control/faults', (request, response) => {
    response.json(control.setFaults(withoutUndefined(faultsSchema.parse(request.body))));
  });
  router.post('/control/policies', (request, response) => {
    const { reusedNumber = {}, ...policies } = policiesSchema.parse(request.body);
    const changed = withoutUndefined(policies);
    response.json(
      control.setPolicies({ ...changed, reusedNumber: withoutUndefined(reusedNumber) }),
    );
  });
  router.post('/control/reset', (_, response) => {
    control.reset();
    response.status(204).end();
  });
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether an address is this machine's own. One that is not known is not. */
export function isLoopback(remoteAddress: string | undefined): boolean {
  const address = (remoteAddress ?? '').replace(/^::ffff:/, '');
  return isIP(address) !== 0 && LOOPBACK.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

const onlyLoopback: RequestHandler = (request, response, next) => {
  if (isLoopback(request.socket.remoteAddress)) {
    next();
    return;
  }
  const detail = 'the control API is for this machine only; SIMULATOR_CONTROL=1 opens it';
  response.status(403).json({ code: 'forbidden', detail });
};

/** A POST without a body counts as one with nothing in it. */
function bodyOf(request: Request): unknown {
  return request.body ?? {};
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Defined<T> {
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries) as Defined<T>;
}

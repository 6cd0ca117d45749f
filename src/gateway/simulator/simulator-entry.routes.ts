/** The simulated gateway's one address on the wire. */
import type { KeyObject } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Request, type Response, Router, raw } from 'express';
import { isSignedByAny } from '../codepay/codepay-signature.js';
import { SIGN_TYPE, TIMESTAMP_TOLERANCE_MS } from '../codepay/codepay-wire.js';
import {
  decodeUtf8,
  readFormFields,
  readJsonFields,
  type WireFields,
} from '../codepay/codepay-wire-text.js';
import { failed, type MethodAnswer, type MethodContext } from './simulator-answers.js';
import { answerMethod } from './simulator-methods.js';
import { replyBody } from './simulator-wire.js';

const REQUEST_BYTES_MAX = 64 * 1024;

export interface EntryContext extends MethodContext {
  readonly merchantPublicKeys: readonly KeyObject[];
  /** Ends the waiting of held requests when the simulator stops. */
  readonly stopping: AbortSignal;
}

export function createEntryRouter(context: EntryContext): Router {
  const router = Router();
  router.post(
    '/api/entry',
    raw({ type: () => true, limit: REQUEST_BYTES_MAX }),
    (request, response) => answerEntry(context, request, response),
  );
  return router;
}

async function answerEntry(
  context: EntryContext,
  request: Request,
  response: Response,
): Promise<void> {
  const { latencyMs, errorRate, isDown } = context.codepay.faults;
  if (isDown) {
    request.socket.destroy();
    return;
  }
  await pause(latencyMs, context.stopping);
  if (Math.random() < errorRate) {
    response.status(500).type('text/plain').send('internal error');
    return;
  }
  const fields = readRequest(request);
  const answer =
    fields === null
      ? failed('PARAM_ERROR', 'no flat object of fields')
      : (refusal(context, fields) ?? answerMethod(context, fields));
  context.codepay.options.logger.info(
    {
      method: fields?.get('method'),
      merchantOrderNo: fields?.get('merchant_order_no'),
      code: answer.content.code,
      delivery: answer.delivery,
    },
    'gateway call',
  );
  await deliver(context, request, response, answer);
}

function readRequest(request: Request): WireFields | null {
  const text = Buffer.isBuffer(request.body) ? decodeUtf8(request.body) : null;
  if (text === null) return null;
  return request.is('application/x-www-form-urlencoded')
    ? readFormFields(text)
    : readJsonFields(text);
}

/** What is wrong with a request before its method is looked at. Source: CodePay Open API, common parameters. */
function refusal({ codepay, merchantPublicKeys }: EntryContext, fields: WireFields) {
  const { appId, merchantNo, now } = codepay.options;
  for (const name of ['format', 'charset', 'version', 'method']) {
    if (!fields.get(name)) return failed('SYS011', `${name} is missing`);
  }
  if (fields.get('app_id') !== appId) return failed('APP_UNKNOWN', 'no such app');
  if (fields.get('sign_type') !== SIGN_TYPE) return failed('SIGN_ERROR', 'sign_type must be RSA2');
  if (!isSignedByAny(fields, merchantPublicKeys)) {
    return failed('SIGN_ERROR', 'the signature does not match');
  }
  const offMs = Math.abs(now() - Number(fields.get('timestamp')));
  if (!(offMs <= TIMESTAMP_TOLERANCE_MS)) {
    return failed('TIMESTAMP_ERROR', 'the timestamp is more than 15 minutes off');
  }
  if (fields.get('merchant_no') !== merchantNo) {
    return failed('MERCHANT_UNKNOWN', 'no such merchant');
  }
  return null;
}

async function deliver(
  { codepay, stopping }: EntryContext,
  request: Request,
  response: Response,
  { content, delivery, holdMs }: MethodAnswer,
): Promise<void> {
  switch (delivery) {
    case 'held':
      await pause(holdMs, stopping);
      request.socket.destroy();
      return;
    case 'http_500':
      response.status(500).type('text/plain').send('internal error');
      return;
    case 'garbage':
      response.status(200).type('text/html').send('<html><body>502 Bad Gateway');
      return;
    default:
      response
        .status(200)
        .type('application/json')
        .send(
          replyBody(content, {
            privateKey: codepay.options.privateKey,
            nowMs: codepay.options.now(),
            dataFormat: codepay.policies.replyData,
            signing: delivery,
          }),
        );
  }
}

async function pause(ms: number, stopping: AbortSignal): Promise<void> {
  if (ms <= 0) return;
  await delay(ms, undefined, { signal: stopping }).catch(() => undefined);
}

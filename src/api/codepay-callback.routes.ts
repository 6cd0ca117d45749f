import express, { Router } from 'express';
import { createCallbackReceiver } from './callback-receiver.js';
import type { ApiDependencies } from './dependencies.js';
import { BODY_BYTES_MAX } from './middleware/json-body.js';
import { asDomainError } from './problem.js';

export const CALLBACK_PATH = '/v1/webhooks/codepay';

/** The whole answer that the gateway wants. Source: CodePay callback notification notes. */
const ACKNOWLEDGEMENT = 'success';

/**
 * Where CodePay sends what happened. No credential and no rate limit: the signature decides, and a callback that is
 * turned away for being one too many would be money that we do not hear of.
 */
export function codepayCallbackRoutes(dependencies: ApiDependencies): Router {
  const { metrics, observeCallback } = dependencies;
  const receiver = createCallbackReceiver(dependencies);
  const router = Router();
  // The signature covers the very bytes: nothing may parse, inflate or re-encode them before.
  const rawBody = express.raw({ type: () => true, limit: BODY_BYTES_MAX, inflate: false });

  router.post(CALLBACK_PATH, (request, response, next) => {
    const stopTimer = metrics.callbackAcknowledgement.startTimer();
    rawBody(request, response, (bodyError?: unknown) => {
      void acknowledge(bodyError).then(() => stopTimer());
    });

    async function acknowledge(bodyError: unknown): Promise<void> {
      try {
        if (bodyError !== undefined) throw bodyError;
        const body: unknown = request.body;
        const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
        const receipt = await receiver.receive(bytes, request.get('Content-Type'));
        metrics.callbacks.inc({ result: receipt });
        observeCallback?.(receipt);
        request.log.info({ event: 'callback.received', receipt }, 'callback acknowledged');
        response.status(200).type('text/plain').send(ACKNOWLEDGEMENT);
      } catch (error) {
        const { code } = asDomainError(error);
        metrics.callbacks.inc({ result: code });
        observeCallback?.(code);
        next(error);
      }
    }
  });

  return router;
}

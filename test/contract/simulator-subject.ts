/** A simulator, the client that speaks to it, and a merchant that takes its callbacks. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCallbackVerifier } from '../../src/gateway/codepay/codepay-callback-verifier.js';
import { createCodePayGateway } from '../../src/gateway/codepay/codepay-gateway.js';
import type { CodePayOptions } from '../../src/gateway/codepay/codepay-options.js';
import type {
  CallbackVerification,
  GatewayOrderRequest,
  PaymentGateway,
} from '../../src/gateway/payment-gateway.js';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../src/gateway/simulator/start-simulator.js';

export const NOT_FOUND_CODE = 'ORDER_NOT_FOUND';

/** Short enough for tests, long enough for a busy machine to answer in. */
const REQUEST_TIMEOUT_MS = 1_000;

export function clientOptions(simulator: Simulator, notifyUrl: string): CodePayOptions {
  const { merchantPrivateKey } = simulator;
  if (merchantPrivateKey === null) throw new Error('the simulator made no merchant key');
  return {
    baseUrl: simulator.entryUrl,
    appId: simulator.appId,
    merchantNo: simulator.merchantNo,
    privateKey: merchantPrivateKey,
    publicKeys: [simulator.gatewayPublicKey],
    notifyUrl,
    notFoundCodes: [NOT_FOUND_CODE],
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  };
}

export interface ReceivedCallback {
  readonly body: string;
  readonly verification: CallbackVerification;
}

export interface SimulatorSubject {
  readonly simulator: Simulator;
  readonly gateway: PaymentGateway;
  readonly received: ReceivedCallback[];
  /** What the merchant answers to callbacks from now on. */
  answer: { status: number; body: string };
  order(merchantOrderNo: string, more?: Partial<GatewayOrderRequest>): GatewayOrderRequest;
  close(): Promise<void>;
}

export async function simulatorSubject(options: SimulatorOptions = {}): Promise<SimulatorSubject> {
  const simulator = await startSimulator({ callbackTimeScale: 0.01, ...options });
  const verifier = createCallbackVerifier({
    appId: simulator.appId,
    publicKeys: [simulator.gatewayPublicKey],
  });
  const received: ReceivedCallback[] = [];
  const merchant = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const verification = verifier.verify(body, request.headers['content-type'], Date.now());
      received.push({ body: body.toString(), verification });
      response.writeHead(subject.answer.status).end(subject.answer.body);
    });
  });
  await new Promise<void>((resolve) => merchant.listen(0, '127.0.0.1', resolve));
  const { port } = merchant.address() as AddressInfo;
  const subject: SimulatorSubject = {
    simulator,
    gateway: createCodePayGateway(
      clientOptions(simulator, `http://127.0.0.1:${port}/v1/webhooks/codepay`),
    ),
    received,
    answer: { status: 200, body: 'success' },
    order: (merchantOrderNo, more = {}) => ({
      merchantNo: simulator.merchantNo,
      merchantOrderNo,
      channel: 'hosted',
      amount: 1050,
      currency: 'USD',
      description: null,
      redirectUrl: null,
      terminalSn: null,
      expiresInSeconds: 900,
      ...more,
    }),
    close: async () => {
      await simulator.close();
      merchant.closeAllConnections();
      await new Promise((resolve) => merchant.close(resolve));
    },
  };
  return subject;
}

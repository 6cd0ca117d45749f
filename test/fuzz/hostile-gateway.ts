/** A server where the gateway should be, which answers whatever it is told to, signed with a key we trust or not at all. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCodePayGateway } from '../../src/gateway/codepay/codepay-gateway.js';
import type { CodePayOptions } from '../../src/gateway/codepay/codepay-options.js';
import { signFields } from '../../src/gateway/codepay/codepay-signature.js';
import { readJsonFields } from '../../src/gateway/codepay/codepay-wire-text.js';
import type { PaymentGateway } from '../../src/gateway/payment-gateway.js';

const merchant = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const gateway = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 });

/** With it callbacks are verified that {@link signedText} has signed. */
export const GATEWAY_PUBLIC_KEY = gateway.publicKey;

export type Signing = 'signed' | 'by_a_stranger' | 'unsigned';

/** How the answer is sent; the request of the client is the argument. */
export type Sending = (response: ServerResponse, request: string) => void;

export interface HostileGateway {
  readonly client: PaymentGateway;
  /** How the next requests are answered. */
  answerWith(sending: Sending): void;
  close(): Promise<void>;
}

export async function startHostileGateway(
  options: Partial<CodePayOptions> = {},
): Promise<HostileGateway> {
  let sending: Sending = (response) => response.end();
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => sending(response, Buffer.concat(chunks).toString('utf8')));
    // The client leaves when it has seen enough.
    request.on('error', () => {});
    response.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = createCodePayGateway({
    baseUrl: `http://127.0.0.1:${port}/api/entry`,
    appId: 'wz0000000001',
    merchantNo: 'M1001',
    privateKey: merchant.privateKey,
    publicKeys: [gateway.publicKey],
    notifyUrl: 'https://pay.example.com/v1/webhooks/codepay',
    notFoundCodes: ['ORDER_NOT_FOUND'],
    requestTimeoutMs: 500,
    ...options,
  });
  return {
    client,
    answerWith: (next) => {
      sending = next;
    },
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/**
 * The text of a JSON object with a signature of its fields at its end. What is no JSON object, or names a field twice,
 * has no signature that fits: it stays as it is.
 */
export function signedText(text: string, signing: Signing = 'signed'): string {
  const fields = signing === 'unsigned' ? null : readJsonFields(text);
  if (fields === null) return text;
  const { privateKey } = signing === 'signed' ? gateway : stranger;
  const sign = JSON.stringify(signFields(fields, privateKey));
  const inner = text.trim().slice(1, -1).trim();
  return inner === '' ? `{"sign":${sign}}` : `{${inner},"sign":${sign}}`;
}

/** The same for a form. @param fields what it holds before it is signed */
export function signedForm(fields: ReadonlyMap<string, string>): string {
  const sign = signFields(fields, gateway.privateKey);
  return new URLSearchParams([...fields, ['sign', sign]]).toString();
}

/** The order number that a request asks for. */
export function askedNumber(request: string): string {
  return (JSON.parse(request) as { readonly merchant_order_no: string }).merchant_order_no;
}

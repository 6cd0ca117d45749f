import type { KeyObject } from 'node:crypto';

/** What the gateway client is told. */
export interface CodePayOptions {
  /** The whole entry address. */
  readonly baseUrl: string;
  readonly appId: string;
  readonly merchantNo: string;
  /** The merchant's key: signs requests. */
  readonly privateKey: KeyObject;
  /** The gateway's keys, several while it is rotated: any of them may have signed. */
  readonly publicKeys: readonly KeyObject[];
  /** Where the gateway sends callbacks. */
  readonly notifyUrl: string;
  /** Codes on a query that mean "no such order". */
  readonly notFoundCodes: readonly string[];
  /** @default 10000 */
  readonly requestTimeoutMs?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  readonly fetch?: typeof fetch;
}

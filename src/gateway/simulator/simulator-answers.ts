/** Answers to requests: what a reply says, and whether and how it goes out. */
import { CODE_SUCCESS } from '../codepay/codepay-wire.js';
import type { WireFields } from '../codepay/codepay-wire-text.js';
import type { SimulatedCodePay } from './simulated-codepay.js';
import type { ReplyContent, WireRecord } from './simulator-wire.js';

/** How the reply goes out: signed, spoilt in one of several ways, or not at all. */
export type Delivery = 'signed' | 'unsigned' | 'wrong_signature' | 'garbage' | 'http_500' | 'held';

export interface MethodAnswer {
  readonly content: ReplyContent;
  readonly delivery: Delivery;
  /** How long a held request waits for nothing. */
  readonly holdMs: number;
}

export interface MethodContext {
  readonly codepay: SimulatedCodePay;
  /** Where people reach the simulator. */
  readonly publicUrl: string;
}

export const BUSY: ReplyContent = { code: 'SYSTEM_BUSY', msg: 'try again later', data: null };

export const NOT_FOUND: ReplyContent = {
  code: 'ORDER_NOT_FOUND',
  msg: 'no such order',
  data: null,
};

export function failed(code: string, msg: string): MethodAnswer {
  return signed({ code, msg, data: null });
}

export function succeeded(data: WireRecord | null): MethodAnswer {
  return signed(success(data));
}

export function signed(content: ReplyContent): MethodAnswer {
  return { content, delivery: 'signed', holdMs: 0 };
}

export function success(data: WireRecord | null): ReplyContent {
  return { code: CODE_SUCCESS, msg: 'Success', data };
}

/** The number that a request is about. */
export function numberOf(fields: WireFields): string {
  return fields.get('merchant_order_no') ?? '';
}

/** Callbacks: believed only after the signature over what was sent. Source: CodePay, callback notification notes. */
import { createHash } from 'node:crypto';
import type { PaymentFacts } from '../../domain/evidence.js';
import type {
  CallbackRefusal,
  CallbackVerification,
  CallbackVerifier,
  VerifiedCallback,
} from '../payment-gateway.js';
import { callbackBodyReader } from './codepay-callback-body.js';
import { missingSignature, readData } from './codepay-envelope.js';
import { identifier, paymentFacts, transactionKind } from './codepay-mapping.js';
import type { CodePayOptions } from './codepay-options.js';
import { isSignedByAny } from './codepay-signature.js';
import { TIMESTAMP_TOLERANCE_MS } from './codepay-wire.js';
import { decodeUtf8, type WireFields } from './codepay-wire-text.js';

/** Fields that decide what a message means and whose order it is about. */
const DECISIVE_FIELDS = [
  'app_id',
  'merchant_no',
  'merchant_order_no',
  'order_amount',
  'paid_amount',
  'price_currency',
  'timestamp',
  'trans_amount',
  'trans_status',
  'trans_type',
] as const;

const FIELD_NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const HIDDEN_FIELD = new RegExp(`&(${DECISIVE_FIELDS.join('|')})=`);

/** Verifies callbacks for one app. */
export function createCallbackVerifier(
  options: Pick<CodePayOptions, 'appId' | 'publicKeys'>,
): CallbackVerifier {
  return {
    verify(body, contentType, receivedAtMs): CallbackVerification {
      const read = callbackBodyReader(contentType);
      if (read === null) {
        return refused('unsupported_media_type', 'neither JSON nor a form in UTF-8');
      }
      const text = decodeUtf8(body);
      const fields = text === null ? null : read(text);
      if (fields === null || fields.size === 0) {
        return refused('malformed_body', 'no object of named fields, each named once');
      }
      if (hidesField(fields)) return refused('malformed_body', 'a field holds another field');
      const missing = missingSignature(fields);
      if (missing !== null) return refused('signature_missing', missing);
      if (fields.get('app_id') !== options.appId) {
        return refused('app_unknown', 'the message is for another app');
      }
      if (!isSignedByAny(fields, options.publicKeys)) {
        return refused('signature_invalid', 'no known key of the gateway has signed it');
      }
      const callbackId = createHash('sha256').update(body).digest('hex');
      return { verified: true, callback: { callbackId, ...readCallback(fields, receivedAtMs) } };
    },
  };
}

function refused(refusal: CallbackRefusal, detail: string): CallbackVerification {
  return { verified: false, refusal, detail };
}

/**
 * The text that is signed does not mark where a value ends: a payer's free text could hold `&trans_status=2` and be
 * cut into fields anew under the same signature. However it is cut, a value or a name then holds a decisive field.
 */
function hidesField(fields: WireFields): boolean {
  return [...fields].some(
    ([name, value]) => !FIELD_NAME.test(name) || (value !== null && HIDDEN_FIELD.test(value)),
  );
}

function readCallback(
  fields: WireFields,
  receivedAtMs: number,
): Omit<VerifiedCallback, 'callbackId'> {
  const business = businessFields(fields);
  const kind = transactionKind(business?.get('trans_type'));
  const sentAtMs = sentAt(fields.get('timestamp'));
  return {
    subject: kind === 'refund' || kind === 'void' ? 'refund' : 'order',
    facts: business === null ? null : factsOrNull(business),
    merchantOrderNo: business === null ? null : identifier(business, 'merchant_order_no'),
    terminalSn: business === null ? null : identifier(business, 'terminal_sn'),
    sentAtMs,
    // Without a time of its own a message cannot be told from a replay: it wakes a query.
    isStale: sentAtMs === null || Math.abs(receivedAtMs - sentAtMs) > TIMESTAMP_TOLERANCE_MS,
  };
}

/** Business fields stand at the top, or inside `data`. `null` when both places contradict each other. */
function businessFields(fields: WireFields): WireFields | null {
  if ((fields.get('data') ?? '') === '') return fields;
  const data = readData(fields);
  if (data === null) return fields.has('trans_status') ? fields : null;
  const contradicts = DECISIVE_FIELDS.some((name) => {
    const outer = fields.get(name) ?? '';
    const inner = data.get(name) ?? '';
    return name !== 'timestamp' && outer !== '' && inner !== '' && outer !== inner;
  });
  return contradicts ? null : new Map([...fields, ...data]);
}

function factsOrNull(business: WireFields): PaymentFacts | null {
  const facts = paymentFacts(business);
  return facts === null || facts.merchantOrderNo === null ? null : facts;
}

function sentAt(text: string | null | undefined): number | null {
  return /^[0-9]{13}$/.test(text ?? '') ? Number(text) : null;
}

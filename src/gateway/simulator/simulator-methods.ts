/** The methods of the simulated gateway: what each makes of a request whose signature was verified. */
import { parseMajor } from '../../domain/money.js';
import { type Channel, MERCHANT_ORDER_NO_PATTERN } from '../../domain/order.js';
import { CODEPAY_METHODS, TRANS_TYPE } from '../codepay/codepay-wire.js';
import type { WireFields } from '../codepay/codepay-wire-text.js';
import {
  BUSY,
  type Delivery,
  failed,
  type MethodAnswer,
  type MethodContext,
  NOT_FOUND,
  numberOf,
  signed,
  succeeded,
  success,
} from './simulator-answers.js';
import { OrderRefusal, type SimulatedOrder, statusWord } from './simulator-order.js';
import { answerRefund, answerRefundQuery } from './simulator-refund-methods.js';
import type { QueryFault } from './simulator-scenarios.js';
import { orderWireFields, type ReplyContent, refundWireFields } from './simulator-wire.js';

/** Answers a request by its `method`. */
export function answerMethod(context: MethodContext, fields: WireFields): MethodAnswer {
  const method = fields.get('method') ?? '';
  try {
    switch (method) {
      case CODEPAY_METHODS.query:
        return answerQuery(context, fields);
      case CODEPAY_METHODS.revoke:
        return answerCancel(context, fields, 'revoke');
      case CODEPAY_METHODS.closeOnTerminal:
        return answerCancel(context, fields, 'close');
      case CODEPAY_METHODS.checkout:
        return answerCreate(context, fields, 'hosted');
      case CODEPAY_METHODS.pushToTerminal:
        return fields.get('trans_type') === TRANS_TYPE.void
          ? answerRefund(context, fields, 'void')
          : answerCreate(context, fields, 'cloud');
      case CODEPAY_METHODS.refund:
        return answerRefund(context, fields, 'refund');
      case CODEPAY_METHODS.queryRefund:
        return answerRefundQuery(context, fields);
      default:
        return failed('METHOD_UNSUPPORTED', 'the simulator does not know this method');
    }
  } catch (error) {
    if (error instanceof OrderRefusal) return failed(error.code, error.message);
    throw error;
  }
}

function answerQuery({ codepay }: MethodContext, fields: WireFields): MethodAnswer {
  const merchantOrderNo = numberOf(fields);
  const refund = codepay.refunds.find(merchantOrderNo);
  // A refund is a transaction as well: asked for as an order, it is found with its own type.
  if (refund !== null) return succeeded(refundWireFields(refund));
  const fault = codepay.choices.takeFault(merchantOrderNo, 'queryFault');
  const order = codepay.find(merchantOrderNo);
  const { holdMs } = codepay.choices.behaviour(merchantOrderNo);
  if (order === null) {
    return { content: NOT_FOUND, delivery: deliveryOf(fault), holdMs };
  }
  return { content: queryContent(order, fault), delivery: deliveryOf(fault), holdMs };
}

function queryContent(order: SimulatedOrder, fault: QueryFault | null): ReplyContent {
  const data = orderWireFields(order);
  switch (fault) {
    case 'not_found':
      return NOT_FOUND;
    case 'error_code':
      return BUSY;
    case 'other_order':
      return success({ ...data, merchant_order_no: `X${order.merchantOrderNo}`.slice(0, 32) });
    default:
      return success(data);
  }
}

function deliveryOf(fault: QueryFault | null): Delivery {
  switch (fault) {
    case 'held':
    case 'http_500':
    case 'garbage':
    case 'unsigned':
    case 'wrong_signature':
      return fault;
    default:
      return 'signed';
  }
}

function answerCancel(
  { codepay }: MethodContext,
  fields: WireFields,
  method: 'revoke' | 'close',
): MethodAnswer {
  const merchantOrderNo = numberOf(fields);
  const isOpen = statusWord(codepay.get(merchantOrderNo)) === 'open';
  const fault = isOpen ? codepay.choices.takeFault(merchantOrderNo, 'cancelFault') : null;
  if (fault === 'refused') return signed(BUSY);
  if (fault === 'paid_just_before') codepay.pay(merchantOrderNo);
  const order =
    method === 'revoke' ? codepay.revoke(merchantOrderNo) : codepay.close(merchantOrderNo);
  if (fault === 'paid_after') codepay.planLatePayment(merchantOrderNo);
  const answer = succeeded(method === 'close' ? { trans_no: order.transNo } : null);
  if (fault !== 'held_closed') return answer;
  const { holdMs } = codepay.choices.behaviour(merchantOrderNo);
  return { ...answer, delivery: 'held', holdMs };
}

function answerCreate(
  { codepay, publicUrl }: MethodContext,
  fields: WireFields,
  channel: Exclude<Channel, 'pos'>,
): MethodAnswer {
  const sale = readSale(fields, channel, codepay.options.now());
  if (typeof sale === 'string') return failed('PARAM_ERROR', sale);
  const { merchantOrderNo } = sale;
  codepay.choices.setByAmount(merchantOrderNo, sale.amountMinor);
  const fault = codepay.choices.takeFault(merchantOrderNo, 'createFault');
  const { holdMs } = codepay.choices.behaviour(merchantOrderNo);
  if (fault === 'refused') return signed(BUSY);
  if (fault === 'held_not_created') return { ...succeeded(null), delivery: 'held', holdMs };
  const order = codepay.sell(sale);
  const answer = succeeded(
    channel === 'hosted'
      ? { pay_url: `${publicUrl}/pay/${order.token}` }
      : {
          message_id: order.transNo,
          trans_no: order.transNo,
          terminal_online_status: '1',
          trans_amount: fields.get('order_amount') ?? '',
        },
  );
  return fault === 'held_created' ? { ...answer, delivery: 'held', holdMs } : answer;
}

/** @returns a sentence about what is wrong when it is no sale */
function readSale(fields: WireFields, channel: Exclude<Channel, 'pos'>, nowMs: number) {
  const text = (name: string) => fields.get(name) || null;
  const merchantOrderNo = numberOf(fields);
  if (!MERCHANT_ORDER_NO_PATTERN.test(merchantOrderNo)) return 'merchant_order_no is wrong';
  const currency = text('price_currency') ?? '';
  if (!/^[A-Z]{3}$/.test(currency)) return 'price_currency is wrong';
  const amountMinor = parseMajor(text('order_amount') ?? '', currency) ?? 0;
  if (amountMinor <= 0) return 'order_amount is wrong';
  const expires = text('expires');
  if (expires !== null && !/^[1-9][0-9]{0,8}$/.test(expires)) return 'expires is wrong';
  const terminalSn = text('terminal_sn');
  if (channel === 'cloud') {
    if (terminalSn === null) return 'terminal_sn is missing';
    if (text('message_receiving_application') === null) {
      return 'message_receiving_application is missing';
    }
    if (text('trans_type') !== TRANS_TYPE.sale) return 'only sales and voids can be pushed here';
  }
  return {
    merchantOrderNo,
    channel,
    amountMinor,
    currency,
    description: text('description'),
    returnUrl: channel === 'hosted' ? text('return_url') : null,
    notifyUrl: text('notify_url'),
    terminalSn: channel === 'cloud' ? terminalSn : null,
    expiresAtMs: expires === null ? null : nowMs + Number(expires) * 1_000,
  };
}

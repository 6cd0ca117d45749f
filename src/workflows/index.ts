/** The only file the workflow bundle starts from. */
export { deliverCallback } from './deliver-callback.workflow.js';
export { orderPayment } from './order-payment.workflow.js';
export { sweep } from './sweep.workflow.js';

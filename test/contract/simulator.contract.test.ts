import { startSimulator } from '../../src/gateway/simulator/start-simulator.js';
import { describeGatewayContract, newOrderNo } from './gateway-contract.js';
import { clientOptions } from './simulator-subject.js';

for (const replyData of ['text', 'object'] as const) {
  describeGatewayContract(
    `simulator, data as ${replyData}`,
    async () => {
      const simulator = await startSimulator();
      simulator.control.setPolicies({ replyData });
      return {
        options: clientOptions(simulator, 'http://127.0.0.1:9/v1/webhooks/codepay'),
        terminalSn: 'TERMINAL-1',
        paidOrderNo: async () => {
          const sale = { merchantOrderNo: newOrderNo(), amountMinor: 1051, currency: 'USD' };
          simulator.control.startPosSale({ ...sale, terminalSn: 'TERMINAL-1' });
          return simulator.control.pay(sale.merchantOrderNo).merchantOrderNo;
        },
        close: () => simulator.close(),
      };
    },
    { hasTerminal: true, refunds: true },
  );
}

import { startSimulator } from '../../src/gateway/simulator/start-simulator.js';
import { describeGatewayContract } from './gateway-contract.js';

for (const replyData of ['text', 'object'] as const) {
  describeGatewayContract(
    `simulator, data as ${replyData}`,
    async () => {
      const simulator = await startSimulator();
      simulator.control.setPolicies({ replyData });
      const { merchantPrivateKey } = simulator;
      if (merchantPrivateKey === null) throw new Error('the simulator made no merchant key');
      return {
        options: {
          baseUrl: simulator.entryUrl,
          appId: simulator.appId,
          merchantNo: simulator.merchantNo,
          privateKey: merchantPrivateKey,
          publicKeys: [simulator.gatewayPublicKey],
          notifyUrl: 'http://127.0.0.1:9/v1/webhooks/codepay',
          notFoundCodes: ['ORDER_NOT_FOUND'],
        },
        terminalSn: 'TERMINAL-1',
        close: () => simulator.close(),
      };
    },
    { hasTerminal: true },
  );
}

/** In place of `orders/paper-gateway.ts`, in a file without a simulator: nothing is placed, and whoever tries is told why. */
import type { createPaperGateway as real } from '../orders/paper-gateway.js';

export const createPaperGateway: typeof real = () => ({
  capabilities: { cancel: false, query: false, events: false, balancesExcludeOpenOrders: false, paper: true },
  place: () =>
    Promise.resolve({
      outcome: 'not_sent',
      code: 'unsupported',
      message: 'Paper orders need touchline-demo.js instead of touchline-desk.js.',
    }),
  fund: () => undefined,
});

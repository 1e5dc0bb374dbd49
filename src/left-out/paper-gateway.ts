/** In place of `orders/paper-gateway.ts`, in a file without a simulator: there is no such gateway, and whoever wants one is told why. */
import type { createPaperGateway as real } from '../orders/paper-gateway.js';

export const createPaperGateway: typeof real = () => {
  throw new Error('Paper orders need touchline-demo.js instead of touchline-desk.js');
};

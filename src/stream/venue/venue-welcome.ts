/** What stands for a greeting where the other end is a venue: what it serves, and what it bears. */
import type { Welcome } from '../protocol/messages.js';
import type { VenueProtocol } from './venue-protocol.js';

export const venueWelcome = ({ name, limits }: VenueProtocol): Welcome => ({
  type: 'welcome',
  id: 'hello',
  data: {
    protocol: 1,
    session: name,
    serverTime: 0,
    heartbeatMs: 0,
    features: ['book', 'trades'],
    limits: {
      symbols: limits.symbols,
      messagesPerSecond: Math.max(2, limits.messagesPerSecond),
      ordersPerSecond: 0,
      messageBytes: 65_536,
    },
    authRequired: [],
  },
});

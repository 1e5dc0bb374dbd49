/** One good message of each type with every optional field: what guards are tested on, whole and mutilated. */
import type { ClientMessage, ServerMessage } from '../../src/stream/protocol/messages.js';

const at = 1_795_339_254_616;
const book = { stream: 'book:SCOM', epoch: 'e7', seq: 884, sent: at };
const account = { stream: 'private:A-1', epoch: 'p2', seq: 502 };
const order = {
  clientOrderId: '01JD9Z6Q8',
  orderId: 'o-77',
  cumQuantity: '40',
  leavesQuantity: '60',
  status: 'partially_filled',
  timestamp: at,
} as const;
const wireOrder = {
  ...order,
  symbol: 'SCOM',
  side: 'buy',
  orderType: 'limit',
  quantity: '100',
  limitPrice: '17.50',
  stopPrice: null,
  timeInForce: 'day',
  averagePrice: '17.50',
} as const;
const holdings = {
  account: 'A-1',
  balances: [{ currency: 'KES', total: '50000.00', available: '48250.00', reserved: '1750.00' }],
  positions: [{ symbol: 'SCOM', quantity: '300', available: '300', averageCost: '16.90' }],
};

export const serverSamples: readonly ServerMessage[] = [
  {
    type: 'welcome',
    id: '1',
    data: {
      protocol: 1,
      session: 's-1',
      serverTime: at,
      heartbeatMs: 5000,
      features: ['batch', 'book'],
      limits: { symbols: 200, messagesPerSecond: 50, ordersPerSecond: 10, messageBytes: 65_536 },
      authRequired: [],
    },
  },
  {
    type: 'auth_ok',
    id: '2',
    data: { user: 'u-17', accounts: ['A-1'], scopes: ['market', 'trade'], expiresAt: at + 3_600_000 },
  },
  { type: 'auth_expiring', data: { expiresAt: at + 60_000 } },
  {
    type: 'resumed',
    id: '5',
    data: { replayed: { 'private:A-1': [504, 507], 'trades:SCOM': [9913, 9912] }, reset: { 'book:SCOM': 'snapshot' } },
  },
  { type: 'pong', id: '7', t: at, serverTime: at + 14 },
  {
    type: 'error',
    id: '3',
    data: {
      code: 'unknown_symbol',
      message: 'No such symbol.',
      fatal: false,
      retryAfterMs: null,
      details: { symbols: ['NOPE'] },
    },
  },
  { type: 'going_away', data: { reason: 'deploy', reconnectAfterMs: [500, 8000] } },
  {
    type: 'subscription_confirmed',
    id: '3',
    data: {
      symbols: ['SCOM', 5, null],
      added: ['SCOM'],
      rejected: [{ symbol: 'NOPE', code: 'unknown_symbol' }],
      channels: { ticker: ['SCOM'], book: ['SCOM'], trades: [] },
      instruments: [
        {
          symbol: 'SCOM',
          name: 'Safaricom PLC',
          currency: 'KES',
          tickSize: '0.05',
          tickTable: [
            ['0', '0.01'],
            ['5', '0.02'],
          ],
          lotSize: '100',
          priceBand: ['15.85', '19.35'],
          phase: 'continuous',
          orderTypes: ['market', 'limit'],
          timesInForce: ['day', 'ioc'],
          takerFee: '0.0012',
        },
      ],
    },
  },
  { type: 'unsubscription_confirmed', id: '4', data: { symbols: ['KCB'], removed: ['SCOM'] } },
  {
    type: 'market_data',
    stream: 'ticker:SCOM',
    epoch: 'e7',
    seq: 1042,
    sent: at,
    data: {
      symbol: 'SCOM',
      price: 17.55,
      volume: '98200',
      high: 17.8,
      low: null,
      change: -0.05,
      changePercent: 0.2857,
      timestamp: at,
    },
  },
  { type: 'market_data_batch', sent: at, data: [{ symbol: 'SCOM', price: '17.55' }] },
  {
    type: 'order_book_snapshot',
    ...book,
    id: '9',
    data: { symbol: 'SCOM', depth: 50, bids: [['17.50', '1200']], asks: [['17.55', '900']], timestamp: at },
  },
  {
    type: 'order_book_delta',
    ...book,
    prevSeq: 881,
    data: { symbol: 'SCOM', bids: [['17.45', '0']], asks: [], timestamp: at, checksum: 2_966_158_441 },
  },
  {
    type: 'trade',
    ...book,
    stream: 'trades:SCOM',
    replay: true,
    data: { symbol: 'SCOM', tradeId: 't-551', price: '17.55', quantity: '200', aggressor: 'buy', timestamp: at },
  },
  { type: 'instrument_status', ...book, data: { symbol: 'SCOM', phase: 'halted', timestamp: at } },
  { type: 'order_ack', ...account, id: '20', replay: true, data: { ...order, duplicate: false } },
  {
    type: 'order_reject',
    id: '20',
    data: {
      clientOrderId: '01JD9Z6Q8',
      code: 'insufficient_funds',
      message: 'Not enough.',
      retryable: false,
      details: { available: '1200.00' },
    },
  },
  {
    type: 'order_fill',
    ...account,
    replay: true,
    data: {
      ...order,
      fillId: 'f-9',
      tradeId: 't-551',
      price: '17.50',
      quantity: '40',
      averagePrice: '17.50',
      fee: '2.10',
      feeCurrency: 'KES',
      liquidity: 'maker',
    },
  },
  {
    type: 'order_cancelled',
    ...account,
    id: '21',
    replay: false,
    data: { ...order, reason: 'requested', cancelledQuantity: '60' },
  },
  { type: 'order_cancel_reject', id: '21', data: { clientOrderId: '01JD9Z6Q8', code: 'too_late', status: 'filled' } },
  { type: 'order_status', id: '22', data: { clientOrderId: '01JD9Z6Q8', known: true, order: wireOrder } },
  { type: 'account_snapshot', ...account, id: '5', data: { ...holdings, orders: [wireOrder] } },
  { type: 'balance_update', ...account, replay: true, data: { ...holdings, cause: { fillId: 'f-9' } } },
];

export const clientSamples: readonly ClientMessage[] = [
  {
    type: 'hello',
    id: '1',
    data: {
      protocol: 1,
      client: 'touchline/0.1.0',
      features: ['batch', 'book'],
      resume: { session: 's-1', streams: { 'private:A-1': ['p2', 503], 'trades:SCOM': ['e7', 9912] } },
    },
  },
  { type: 'auth', id: '2', data: { ticket: 'a-ticket' } },
  { type: 'subscribe', id: '3', symbols: ['SCOM', 'KCB'], channels: ['ticker', 'book'], depth: 50, maxRateHz: 10 },
  { type: 'unsubscribe', id: '4', symbols: ['SCOM'], channels: ['book'] },
  { type: 'ping', id: '7', t: at },
  { type: 'order_book_resync', id: '9', data: { symbol: 'SCOM' } },
  { type: 'account_subscribe', id: '5', data: { account: 'A-1' } },
  {
    type: 'order_place',
    id: '20',
    data: {
      clientOrderId: '01JD9Z6Q8',
      account: 'A-1',
      symbol: 'SCOM',
      side: 'buy',
      orderType: 'limit',
      quantity: '100',
      limitPrice: '17.50',
      stopPrice: null,
      timeInForce: 'day',
      goodUntil: at + 5000,
    },
  },
  { type: 'order_cancel', id: '21', data: { account: 'A-1', clientOrderId: '01JD9Z6Q8' } },
  { type: 'order_query', id: '22', data: { account: 'A-1', clientOrderId: '01JD9Z6Q8' } },
];

/**
 * Everything that a page's own code may name: element classes, events and types. Importing this registers nothing;
 * `touchline/all.js` and its neighbours do.
 */
export * from './index-market.js';
export { OrderPanelElement } from './elements/order-panel/order-panel.js';
export { OpenOrdersElement } from './elements/open-orders/open-orders.js';
export { OrderRejectEvent, OrderSubmitEvent, OrderUpdateEvent } from './elements/order-panel/order-panel.events.js';

/** Both directions of the wire, for those who need both. A page needs only the server's: `guards-server.ts`. */
export { ANY_BOOK, checkServerMessage, MAX_SERVER_FRAME_LENGTH, parseServerMessage } from './guards-server.js';
export { checkClientMessage, parseClientMessage } from './guards-client.js';

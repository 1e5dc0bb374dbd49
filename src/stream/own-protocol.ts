/** The venue that means our own protocol, and with it the guide's dialect. */
export const OWN_PROTOCOL = 'touchline';

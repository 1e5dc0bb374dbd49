/** A side of the book. An order's side is `buy` or `sell`; a book's is `bid` or `ask`. */
export type Side = 'bid' | 'ask';

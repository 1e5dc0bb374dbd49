/** What a worker runs: a host for the feeds of its pages, on the ports that a worker has. Does nothing in a page. */
import { serveWorker } from './serve-worker.js';

serveWorker();

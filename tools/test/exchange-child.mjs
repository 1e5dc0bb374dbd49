/** The reference exchange as a program of its own, so that a test can kill it as a machine's failure would. */
import { startExchange } from '../../server/exchange-server.ts';

const exchange = await startExchange(JSON.parse(process.argv[2] ?? '{}'));
process.send({ url: exchange.url, port: exchange.port });
process.once('SIGTERM', () => {
  void exchange.close().then(() => process.exit(0));
});
// The test run that wanted it is gone.
process.once('disconnect', () => process.exit(0));
